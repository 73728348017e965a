import {
  type Address,
  type AssetId,
  asAddress,
  asAssetId,
  beToUint,
  concatBytes,
  uintToBe,
  utf8,
} from '@banyan/base'

/** Address of a system contract: its name in ASCII, padded with zeros to 20 bytes. Nobody can hold a key for it. */
export function contractAddress(name: string): Address {
  const ascii = utf8(name)
  return asAddress(concatBytes(ascii, new Uint8Array(20 - ascii.length)))
}

/** First 16 bytes of the address of every asset. */
export const assetPrefix = concatBytes(utf8('banyan/asset'), new Uint8Array(4))

/** Address under which an asset answers ERC-20 calls: the prefix and the asset number, big-endian. */
export function assetAddress(asset: AssetId): Address {
  return asAddress(concatBytes(assetPrefix, uintToBe(BigInt(asset), 4)))
}

/** Asset of an address that begins with the prefix. */
export function assetAt(address: Address): AssetId {
  return asAssetId(Number(beToUint(address.subarray(16))))
}

export const zeroAddress: Address = asAddress(new Uint8Array(20))

export function isZeroAddress(address: Address): boolean {
  return address.every((byte) => byte === 0)
}
