import { asAddress, asAssetId, fromHex, type Hex, toHex } from '@banyan/base'
import {
  assetAddress,
  assetAt,
  assetPrefix,
  contractAddress,
  factoryAbi,
  tokenAbi,
} from '@banyan/contracts/abi'
import type { Client } from './client.js'
import { contractCall } from './contract.js'
import { type Address, requireCount } from './hex.js'
import type { Log, Receipt } from './read/transactions.js'
import type { Call, SendOptions } from './send/request.js'
import { type Sending, send } from './send/send.js'

/** Issuing assets: docs/contracts.md "token" and "factory". Only the issuer of an asset may do most of it. */

export { factoryAbi, tokenAbi }

export const factoryAddress = toHex(contractAddress('banyan/factory')) as Address

/** Address under which an asset answers as an ERC-20 token. */
export function tokenAddress(asset: number): Address {
  return toHex(assetAddress(asAssetId(requireCount(asset, 'asset')))) as Address
}

export type NewToken = {
  /** 1 to 31 bytes each. */
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  /** Base units; the issuer gets them. */
  readonly initialSupply: bigint
  /** Most that there can ever be. By default the initial supply: no more can be made. */
  readonly cap?: bigint
  readonly burnable?: boolean
  readonly pausable?: boolean
  /** SHA-256 of a description that lies elsewhere. */
  readonly metadataHash?: Hex
}

const flags = { mintable: 1, burnable: 2, pausable: 4 } as const

/** Creates an asset that belongs to the sender. `createdToken` tells its number from the receipt. */
export function createToken(
  client: Client,
  { token, ...options }: SendOptions & { readonly token: NewToken },
): Sending {
  const { name, symbol, decimals, initialSupply, cap = initialSupply } = token
  const chosen =
    (cap > initialSupply ? flags.mintable : 0) +
    (token.burnable ? flags.burnable : 0) +
    (token.pausable ? flags.pausable : 0)
  const { metadataHash = `0x${'00'.repeat(32)}` } = token
  const args = [name, symbol, decimals, initialSupply, cap, chosen, metadataHash] as const
  return send(client, {
    ...options,
    calls: [contractCall({ abi: factoryAbi, address: factoryAddress, name: 'create', args })],
  })
}

/** The number of the asset that a transaction created; `undefined` if it created none. */
export function createdToken({ logs }: Pick<Receipt, 'logs'>): number | undefined {
  const prefix = toHex(assetPrefix).slice(2)
  const isCreation = ({ address, topics }: Log): boolean =>
    address === factoryAddress && topics.length === 3 && topics[1]!.slice(26).startsWith(prefix)
  const found = logs.find(isCreation)
  return found && assetAt(asAddress(fromHex(found.topics[1]!.slice(26))!))
}

type OfAsset = SendOptions & { readonly asset: number }

const sendCall = (client: Client, { asset: _, ...options }: OfAsset, call: Call): Sending =>
  send(client, { ...pick(options), calls: [call] })

/** The options of sending out of those of an action. */
function pick({ account, sponsor, tip, signal }: SendOptions): SendOptions {
  return {
    signal,
    ...(account && { account }),
    ...(sponsor !== undefined && { sponsor }),
    ...(tip !== undefined && { tip }),
  }
}

const callOf = (asset: number) => ({ abi: tokenAbi, address: tokenAddress(asset) }) as const

/** Makes more of an asset, up to its cap. */
export function mintToken(
  client: Client,
  request: OfAsset & { readonly to: Hex; readonly amount: bigint },
): Sending {
  const { asset, to, amount } = request
  return sendCall(client, request, contractCall({ ...callOf(asset), name: 'mint', args: [to, amount] }))
}

/** Destroys some of what the sender holds. */
export function burnToken(client: Client, request: OfAsset & { readonly amount: bigint }): Sending {
  const { asset, amount } = request
  return sendCall(client, request, contractCall({ ...callOf(asset), name: 'burn', args: [amount] }))
}

/** Lets nobody move the asset until `unpauseToken`. */
export function pauseToken(client: Client, request: OfAsset): Sending {
  return sendCall(client, request, contractCall({ ...callOf(request.asset), name: 'pause' }))
}

export function unpauseToken(client: Client, request: OfAsset): Sending {
  return sendCall(client, request, contractCall({ ...callOf(request.asset), name: 'unpause' }))
}

/** Lets `spender` move up to an amount of what the sender holds. */
export function approveToken(
  client: Client,
  request: OfAsset & { readonly spender: Hex; readonly amount: bigint },
): Sending {
  const { asset, spender, amount } = request
  return sendCall(
    client,
    request,
    contractCall({ ...callOf(asset), name: 'approve', args: [spender, amount] }),
  )
}
