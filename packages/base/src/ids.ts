/** Branded identifiers: the same bytes or number, but not interchangeable by accident. */

declare const brand: unique symbol
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name }

/** 20 bytes: people and contracts alike. */
export type Address = Branded<Uint8Array, 'Address'>
/** 32 bytes: a block id, transaction id or Merkle root. */
export type Hash = Branded<Uint8Array, 'Hash'>
export type ChainId = Branded<bigint, 'ChainId'>
/** Number of blocks since genesis, which has height 0. */
export type Height = Branded<bigint, 'Height'>
/** Asset number: 0 is FIG, others are numbered in the order of their creation. */
export type AssetId = Branded<number, 'AssetId'>

export const addressLength = 20
export const hashLength = 32

/** Views 20 bytes as an address. The caller has checked the length. */
export function asAddress(bytes: Uint8Array): Address {
  return bytes as Address
}

/** Views 32 bytes as a hash. The caller has checked the length. */
export function asHash(bytes: Uint8Array): Hash {
  return bytes as Hash
}

export function asChainId(value: bigint): ChainId {
  return value as ChainId
}

export function asHeight(value: bigint): Height {
  return value as Height
}

export function asAssetId(value: number): AssetId {
  return value as AssetId
}

export const fig = asAssetId(0)
