import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createChains } from './chains.js'
import { providerError, rpc } from './request.js'
import { sendTransaction, signTypedData } from './sign.js'

type Listener = (value: unknown) => void

/** A stand-in for a wallet in a browser: its provider (EIP-1193), and what tests do with the person before it. */
export type WalletDouble = {
  readonly address: string
  readonly provider: {
    readonly request: (args: {
      readonly method: string
      readonly params?: readonly unknown[]
    }) => Promise<unknown>
    readonly on: (event: string, listener: Listener) => void
    readonly removeListener: (event: string, listener: Listener) => void
  }
  /** Methods that were asked for so far. */
  readonly asked: () => readonly string[]
  /** From now on the person says no to this method, or to none. */
  readonly refuse: (method: string | undefined) => void
}

const unauthorized = 4100
const unsupported = 4200
const refused = 4001

/** Questions that it passes on to the node of the chain that it is on. */
const passedOn =
  /^eth_(blockNumber|call|estimateGas|feeHistory|gasPrice|get\w+|maxPriorityFeePerGas|sendRawTransaction)$/

/**
 * A test double shaped like MetaMask's provider: the refusals, the order of questions and the memory of nonces are those of a wallet
 * extension, the chain behind it is real. It is no wallet, and passing with it is no proof that a certain extension works.
 */
export function createWalletDouble(secret: Hex): WalletDouble {
  const account = privateKeyToAccount(secret)
  const address = account.address.toLowerCase()
  const listeners = new Map<string, Set<Listener>>()
  const asked: string[] = []
  const nonces = new Map<string, number>()
  let isConnected = false
  let refusing: string | undefined

  const tell = (event: string, value: unknown): void => {
    for (const listener of listeners.get(event) ?? []) listener(value)
  }
  const ask = async (method: string): Promise<void> => {
    if (method === refusing) throw providerError(refused, 'The person said no.')
  }
  const chains = createChains(rpc, ask, (chainId) => tell('chainChanged', chainId))
  const requireOwn = (claimed: unknown): void => {
    if (!isConnected || String(claimed).toLowerCase() !== address)
      throw providerError(unauthorized, 'This page was not allowed to use this account.')
  }

  const methods: Readonly<Record<string, (params: readonly unknown[]) => Promise<unknown>>> = {
    eth_requestAccounts: async () => {
      if (!isConnected) await ask('eth_requestAccounts')
      isConnected = true
      tell('accountsChanged', [address])
      return [address]
    },
    eth_accounts: async () => (isConnected ? [address] : []),
    eth_chainId: async () => chains.current().chainId,
    net_version: async () => String(BigInt(chains.current().chainId)),
    wallet_addEthereumChain: chains.add,
    wallet_switchEthereumChain: chains.change,
    personal_sign: async ([message, from]) => {
      requireOwn(from)
      await ask('personal_sign')
      return account.signMessage({ message: { raw: message as Hex } })
    },
    eth_signTypedData_v4: async ([from, text]) => {
      requireOwn(from)
      await ask('eth_signTypedData_v4')
      return signTypedData(account, chains.current(), text)
    },
    eth_sendTransaction: async ([transaction]) => {
      requireOwn((transaction as { readonly from?: unknown }).from)
      await ask('eth_sendTransaction')
      return sendTransaction(account, chains.current(), transaction as object, nonces, rpc)
    },
  }

  return {
    address,
    asked: () => asked,
    refuse: (method) => {
      refusing = method
    },
    provider: {
      request: async ({ method, params = [] }) => {
        asked.push(method)
        const own = methods[method]
        if (own !== undefined) return own(params)
        if (passedOn.test(method)) return rpc(chains.current().url, method, params)
        throw providerError(unsupported, `There is no method ${method}.`)
      },
      on: (event, listener) => {
        listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
      },
      removeListener: (event, listener) => void listeners.get(event)?.delete(listener),
    },
  }
}
