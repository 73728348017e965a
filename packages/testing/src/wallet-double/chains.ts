import { type Ask, providerError, type Rpc } from './request.js'

/** Chains that a wallet knows, by the rules of EIP-3085 and EIP-3326 as wallets in browsers apply them. */
export type Chains = {
  readonly current: () => KnownChain
  readonly add: (params: readonly unknown[]) => Promise<null>
  readonly change: (params: readonly unknown[]) => Promise<null>
}

export type KnownChain = { readonly chainId: string; readonly url: string }

type Added = {
  readonly chainId: string
  readonly chainName: string
  readonly rpcUrls: readonly string[]
  readonly nativeCurrency: { readonly decimals: number; readonly symbol: string }
}

const invalidParams = -32602
const chainUnknown = 4902
const knownFields = ['chainId', 'chainName', 'rpcUrls', 'nativeCurrency', 'iconUrls', 'blockExplorerUrls']

/** It starts on a chain that it cannot reach, as a wallet starts on Ethereum. */
export function createChains(rpc: Rpc, ask: Ask, onChange: (chainId: string) => void): Chains {
  const known = new Map<string, KnownChain>()
  let current: KnownChain = { chainId: '0x1', url: 'https://ethereum.invalid' }

  const use = (chain: KnownChain): null => {
    if (chain.chainId !== current.chainId) {
      current = chain
      onChange(chain.chainId)
    }
    return null
  }
  return {
    current: () => current,
    add: async ([wanted]) => {
      const { chainId, rpcUrls } = checkAdded(wanted)
      const url = rpcUrls.find(isAllowedUrl)!
      if ((await rpc(url, 'eth_chainId', [])) !== chainId)
        throw providerError(invalidParams, `The chain at ${url} is not ${chainId}.`)
      await ask('wallet_addEthereumChain')
      const chain = { chainId, url }
      known.set(chainId, chain)
      return use(chain)
    },
    change: async ([wanted]) => {
      const { chainId } = wanted as { readonly chainId: string }
      const chain = known.get(chainId)
      if (chain === undefined) throw providerError(chainUnknown, `Chain ${chainId} must be added first.`)
      await ask('wallet_switchEthereumChain')
      return use(chain)
    },
  }
}

/** What wallets refuse before they ask anybody. */
function checkAdded(wanted: unknown): Added {
  const refuse = (reason: string): never => {
    throw providerError(invalidParams, reason)
  }
  if (typeof wanted !== 'object' || wanted === null) return refuse('There is no chain to add.')
  const extra = Object.keys(wanted).filter((name) => !knownFields.includes(name))
  if (extra.length > 0) return refuse(`There are fields that nobody knows: ${extra.join(', ')}.`)
  const { chainId, chainName, rpcUrls, nativeCurrency } = wanted as Partial<Added>
  if (!/^0x[1-9a-f][0-9a-f]*$/i.test(String(chainId)))
    return refuse('chainId is not hexadecimal without leading zeros.')
  if (typeof chainName !== 'string' || chainName === '') return refuse('chainName is empty.')
  if (!Array.isArray(rpcUrls) || !rpcUrls.some(isAllowedUrl))
    return refuse('rpcUrls has no address by https, or of this machine.')
  if (nativeCurrency?.decimals !== 18) return refuse('nativeCurrency.decimals is not 18.')
  if (!/^.{1,6}$/.test(String(nativeCurrency.symbol)))
    return refuse('nativeCurrency.symbol has not 1 to 6 characters.')
  return wanted as Added
}

function isAllowedUrl(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname))
}
