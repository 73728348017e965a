import { asAddress, asAssetId, fromHex, type Hex, toHex } from '@banyan/base'
import { assetAddress, assetAt, assetPrefix } from '@banyan/contracts/abi'
import { parseAddress as parseBytes, toChecksumAddress } from '@banyan/crypto'
import { hasher } from '@banyan/crypto/portable'
import { clientError } from './errors.js'
import { type Address, requireAddress, requireCount } from './hex.js'

/** Names of chains, accounts and assets that mean the same everywhere: CAIP-2, CAIP-10 and CAIP-19. */

/** Address from text that people typed or pasted; capitals are a checksum (EIP-55). Errors: AddressMalformed, AddressChecksumWrong. */
export function parseAddress(text: string): Address {
  return toHex(parseBytes(hasher, text.trim())) as Address
}

/** How addresses are shown: with the checksum of EIP-55. Error: ArgumentInvalid. */
export function formatAddress(address: Hex): Hex {
  return toChecksumAddress(hasher, asAddress(fromHex(requireAddress(address, 'address'))!))
}

/** CAIP-2, such as `eip155:7001`. */
export function formatChain(chainId: number): string {
  return `eip155:${requireCount(chainId, 'chainId')}`
}

/** CAIP-10, such as `eip155:7001:0xAb…`. */
export function formatAccount({ chainId, address }: AccountName): string {
  return `${formatChain(chainId)}:${formatAddress(address)}`
}

/** CAIP-19: every asset, FIG included, goes by its address as an ERC-20 token. */
export function formatAsset({ chainId, asset }: AssetName): string {
  const address = toHex(assetAddress(asAssetId(requireCount(asset, 'asset'))))
  return `${formatChain(chainId)}/erc20:${formatAddress(address)}`
}

export type AccountName = { readonly chainId: number; readonly address: Hex }
export type AssetName = { readonly chainId: number; readonly asset: number }

/** Error: ChainIdentifierMalformed. */
export function parseChain(text: string): number {
  return Number(matched(text, /^eip155:([1-9]\d{0,14})$/, 'eip155:<number>')[1])
}

/** Errors: ChainIdentifierMalformed, AddressChecksumWrong. */
export function parseAccount(text: string): AccountName & { readonly address: Address } {
  const form = 'eip155:<number>:<address>'
  const [, chain, address] = matched(text, /^eip155:([1-9]\d{0,14}):(0x[0-9a-fA-F]{40})$/, form)
  return { chainId: Number(chain), address: parseAddress(address!) }
}

/** Errors: ChainIdentifierMalformed, AddressChecksumWrong. */
export function parseAsset(text: string): AssetName {
  const form = 'eip155:<number>/erc20:<address of an asset>'
  const [, chain, token] = matched(text, /^eip155:([1-9]\d{0,14})\/erc20:(0x[0-9a-fA-F]{40})$/, form)
  const address = parseAddress(token!)
  if (!address.startsWith(toHex(assetPrefix))) throw clientError('ChainIdentifierMalformed', { text, form })
  return { chainId: Number(chain), asset: assetAt(asAddress(fromHex(address)!)) }
}

function matched(text: string, pattern: RegExp, form: string): RegExpExecArray {
  const found = pattern.exec(text)
  if (found === null) throw clientError('ChainIdentifierMalformed', { text: text.slice(0, 100), form })
  return found
}
