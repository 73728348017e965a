import type { Hex } from '@banyan/base'
import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import { requireAddress } from '../hex.js'
import type { Options } from '../http.js'
import { getStatus } from '../read/chain.js'
import type { WalletAccount, WalletProvider } from './account.js'

/** A wallet in this browser, as it announces itself (EIP-6963). */
export type Wallet = {
  readonly info: {
    /** Unique while the page lives. */
    readonly uuid: string
    readonly name: string
    /** A data URL. */
    readonly icon: string
    /** Its domain, the other way round. */
    readonly rdns: string
  }
  readonly provider: WalletProvider
}

const maxWallets = 100

/** Asks wallets to announce themselves, and calls the listener with all that did, whenever one does. Returns what ends it. */
export function findWallets(listener: (wallets: readonly Wallet[]) => void): () => void {
  const found = new Map<string, Wallet>()
  const onAnnounce = (event: Event): void => {
    const { detail } = event as CustomEvent<Wallet>
    if (typeof detail?.info?.uuid !== 'string' || found.size >= maxWallets) return
    found.set(detail.info.uuid, detail)
    listener([...found.values()])
  }
  window.addEventListener('eip6963:announceProvider', onAnnounce)
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  return () => window.removeEventListener('eip6963:announceProvider', onAnnounce)
}

/**
 * Asks the user for an account of the wallet, and moves the wallet to the chain of the client, which it learns of if it
 * does not know it. Errors: ConfirmationRefused, WalletFailed, those of `ask`.
 */
export async function connectWallet(
  client: Client,
  {
    wallet,
    name = 'Banyan',
    signal,
  }: Options & { readonly wallet: Pick<Wallet, 'provider'>; readonly name?: string },
): Promise<WalletAccount> {
  const { provider } = wallet
  const status = await getStatus(client, { signal })
  const accounts = (await askWallet(provider, 'eth_requestAccounts', [])) as readonly Hex[]
  const [first] = accounts
  if (first === undefined) throw clientError('WalletFailed', { reason: 'it has no account' })
  await useChain(client, provider, `0x${status.chainId.toString(16)}`, name)
  return { kind: 'wallet', address: requireAddress(first, 'the account of the wallet'), provider }
}

/** EIP-3326 and, for wallets that do not know the chain, EIP-3085. */
async function useChain(
  { url }: Client,
  provider: WalletProvider,
  chainId: Hex,
  chainName: string,
): Promise<void> {
  if ((await askWallet(provider, 'eth_chainId', [])) === chainId) return
  try {
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] })
  } catch (error) {
    if (codeOf(error) !== chainUnknown) throw walletError(error)
    const nativeCurrency = { name: 'Fig', symbol: 'FIG', decimals: 18 }
    const chain = { chainId, chainName, nativeCurrency, rpcUrls: [`${url}/rpc`] }
    await askWallet(provider, 'wallet_addEthereumChain', [chain])
  }
}

const chainUnknown = 4902
const refusedByUser = 4001

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code

function walletError(error: unknown) {
  const reason = String((error as { readonly message?: unknown } | null)?.message ?? error)
  const kind = codeOf(error) === refusedByUser ? 'ConfirmationRefused' : 'WalletFailed'
  return clientError(kind, { reason }, error)
}

/** One request to a wallet. Errors: ConfirmationRefused, WalletFailed. */
export async function askWallet(
  provider: WalletProvider,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  try {
    return await provider.request({ method, params })
  } catch (error) {
    throw walletError(error)
  }
}
