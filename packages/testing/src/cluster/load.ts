import { asAddress, asChainId, asHash, asHeight, fig, fromHex, type Hex, toHex } from '@banyan/base'
import { native as provider } from '@banyan/crypto/native'
import {
  decodeEnvelope,
  describeTransaction,
  encodeEthereum,
  encodeTransfer,
  type SigningDomains,
  signEthereum,
  signingDomains,
  signTransfer,
} from '@banyan/ledger'
import type { Random } from '../random.js'
import type { Cluster, RunningNode } from './cluster.js'
import { callAll, type Status, statusOf, submit } from './node-api.js'
import { payees, payers, wallets } from './people.js'

/** A transaction that was sent to a node. */
export type Sent = {
  readonly id: Hex
  readonly envelope: Uint8Array
  /** Index of the payee, who gets one pip. */
  readonly payee: number
  /** Last height at which a transfer may be included; nothing for an Ethereum transaction. */
  readonly validUntil: number | undefined
  /** Of an Ethereum transaction. */
  readonly wallet: number | undefined
  /** The node that answered with its id, and when. Without an answer nobody knows what came of it. */
  acknowledged: { readonly node: number; readonly at: number } | undefined
}

export type LoadOptions = {
  readonly cluster: Cluster
  readonly random: Random
  /** Transfers a second; every wallet sends its next transaction when its last one is final. */
  readonly perSecond: number
}

/** Clients that pay all the time, each time through a node that runs. */
export type Load = {
  readonly sent: readonly Sent[]
  /** Answers so far that refused a transaction, by name. */
  readonly refused: ReadonlyMap<string, number>
  readonly start: () => void
  readonly stop: () => Promise<void>
}

type Wallet = { readonly index: number; nonce: bigint; waiting: Sent | undefined; sentAt: number }

const tickMs = 200
const validityBlocks = 40
const resendMs = 2_000
const maxFee = 4_000_000_000
const maxFeePerGas = 10n ** 13n
const gasLimit = 60_000n

export function createLoad({ cluster, random, perSecond }: LoadOptions): Load {
  const sent: Sent[] = []
  const refused = new Map<string, number>()
  const holders: Wallet[] = wallets.map((_, index) => ({ index, nonce: 0n, waiting: undefined, sentAt: 0 }))
  let nonce = BigInt(random.u32()) << 24n
  let isOver = true
  let running: Promise<void> = Promise.resolve()

  const pick = (): RunningNode | undefined => {
    const running = cluster.running()
    return running.length === 0 ? undefined : running[random.below(running.length)]
  }

  const give = async (node: RunningNode, transactions: readonly Sent[]): Promise<void> => {
    const results = await submit(
      node.rpc,
      transactions.map(({ envelope }) => envelope),
    )
    for (const [i, { id, error }] of results.entries()) {
      if (id !== undefined) transactions[i]!.acknowledged = { node: node.index, at: Date.now() }
      else if (error !== undefined) refused.set(error.name, (refused.get(error.name) ?? 0) + 1)
    }
  }

  const giveAll = async (node: RunningNode, due: readonly Wallet[]): Promise<void> => {
    const transactions = due.flatMap(({ waiting }) => (waiting === undefined ? [] : [waiting]))
    if (transactions.length > 0) await give(node, transactions)
  }

  const pay = async (node: RunningNode, domains: SigningDomains): Promise<void> => {
    const status = await statusOf(node.rpc)
    const count = Math.round((perSecond * tickMs) / 1_000)
    const transfers = Array.from({ length: count }, () => transfer(domains, status, nonce++, random))
    sent.push(...transfers)
    if (transfers.length > 0) await give(node, transfers)
  }

  const payFromWallets = async (node: RunningNode, domains: SigningDomains): Promise<void> => {
    const waiting = holders.filter((wallet) => wallet.waiting !== undefined)
    const receipts = await callAll<object | null>(
      node.rpc,
      'eth_getTransactionReceipt',
      waiting.map((wallet) => [wallet.waiting!.id]),
    )
    for (const [i, wallet] of waiting.entries()) {
      if (receipts[i] === null) continue
      wallet.waiting = undefined
      wallet.nonce++
    }
    // What is acknowledged is the node's to keep; what nobody has answered is sent again.
    const due = holders.filter(
      ({ waiting: last, sentAt }) =>
        last === undefined || (last.acknowledged === undefined && Date.now() - sentAt > resendMs),
    )
    for (const wallet of due) {
      if (wallet.waiting === undefined) {
        wallet.waiting = ethereumPayment(domains, wallet.index, wallet.nonce, random)
        sent.push(wallet.waiting)
      }
      wallet.sentAt = Date.now()
    }
    await giveAll(node, due)
  }

  const run = async (): Promise<void> => {
    const domains = domainsOf(cluster)
    while (!isOver) {
      const node = pick()
      // A node that dies before it answers leaves its clients without an answer: that is what is tried here.
      if (node !== undefined) {
        await pay(node, domains).catch(() => undefined)
        await payFromWallets(node, domains).catch(() => undefined)
      }
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
  }

  /** What nobody has answered may still become final: it is sent again, so that it does. */
  const stop = async (): Promise<void> => {
    isOver = true
    await running
    const open = holders.filter(({ waiting }) => waiting?.acknowledged === undefined)
    const node = pick()
    if (node !== undefined) await giveAll(node, open)
  }

  const start = (): void => {
    isOver = false
    running = run()
  }
  return { sent, refused, start, stop }
}

function domainsOf(cluster: Cluster): SigningDomains {
  const genesisId = fromHex(cluster.running()[0]!.genesisId)!
  return signingDomains(provider, asChainId(7001n), asHash(genesisId))
}

function transfer(domains: SigningDomains, mark: Status, nonce: bigint, random: Random): Sent {
  const payee = random.below(payees.length)
  const validUntil = mark.height + validityBlocks
  const fields = {
    mark: asHash(fromHex(mark.blockId)!),
    payee: payees[payee]!,
    asset: fig,
    nonce,
    amount: 1n,
    maxFee,
    tip: 0,
    validUntil: asHeight(BigInt(validUntil)),
  }
  const { secret } = payers[random.below(payers.length)]!
  const envelope = encodeTransfer(signTransfer(provider, domains.transfer, fields, secret))
  return sentOf(domains, envelope, { payee, validUntil, wallet: undefined })
}

function ethereumPayment(domains: SigningDomains, wallet: number, nonce: bigint, random: Random): Sent {
  const payee = random.below(payees.length)
  const unsigned = {
    type: 2,
    chainId: domains.chainId,
    nonce,
    maxFeePerGas,
    maxPriorityFeePerGas: 0n,
    gasLimit,
    to: asAddress(payees[payee]!),
    value: 1n,
    data: new Uint8Array(0),
    accessList: [],
  } as const
  const envelope = encodeEthereum(signEthereum(provider, unsigned, wallets[wallet]!.secret))
  return sentOf(domains, envelope, { payee, validUntil: undefined, wallet })
}

function sentOf(
  domains: SigningDomains,
  envelope: Uint8Array,
  rest: Pick<Sent, 'payee' | 'validUntil' | 'wallet'>,
): Sent {
  const { id } = describeTransaction(provider, domains, decodeEnvelope(envelope), envelope)
  return { id: toHex(id), envelope, acknowledged: undefined, ...rest }
}
