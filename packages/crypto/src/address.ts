import {
  type Address,
  asAddress,
  assert,
  copy32,
  fail,
  fromHex,
  type Hex,
  toHex,
  utf8,
  wide,
} from '@banyan/base'
import { requireKeyLength } from './bounds.js'
import { hashPair } from './merkle.js'
import type { Hasher } from './provider.js'
import { tag } from './tag.js'

const ed25519Tag = tag('banyan/address/ed25519')
const p256Tag = tag('banyan/address/p256')

function lastTwenty(hash: Uint8Array): Address {
  return asAddress(new Uint8Array(hash.subarray(12)))
}

/** Address of a 32-byte ed25519 public key. */
export function ed25519Address(provider: Hasher, publicKey: Uint8Array): Address {
  requireKeyLength('ed25519', publicKey, 32)
  return lastTwenty(hashPair(provider, publicKey, ed25519Tag))
}

/** Address of a secp256k1 point `x ‖ y`: Ethereum's rule. */
export function secp256k1Address(provider: Hasher, point: Uint8Array): Address {
  requireKeyLength('secp256k1', point, 64)
  return lastTwenty(provider.keccak256(point))
}

/** Address of a P-256 point `x ‖ y`. */
export function p256Address(provider: Hasher, point: Uint8Array): Address {
  requireKeyLength('P-256', point, 64)
  return lastTwenty(hashPair(provider, provider.sha256(point), p256Tag))
}

const slotCount = 1024

/** `key ‖ tag` blocks; the tags stay in place. */
const blocks = new Uint8Array(64 * slotCount)
const wideBlocks = wide(blocks)
const hashes = new Uint32Array(8 * slotCount)
const hashBytes = new Uint8Array(hashes.buffer)
const addresses = new Uint32Array(5 * slotCount)
const addressBytes = new Uint8Array(addresses.buffer)
for (let i = 0; i < slotCount; i++) blocks.set(ed25519Tag, 64 * i + 32)

/** Addresses of `count` ed25519 keys at once: `publicKeys` is count × 32 bytes, `out` count × 20. */
export function ed25519Addresses(
  provider: Hasher,
  publicKeys: Uint8Array,
  count: number,
  out: Uint8Array,
): void {
  assert(publicKeys.length >= 32 * count && out.length >= 20 * count, 'address arrays hold the whole batch')
  const keys = wide(
    publicKeys.byteOffset % 8 === 0
      ? publicKeys.subarray(0, 32 * count)
      : new Uint8Array(publicKeys.subarray(0, 32 * count)),
  )
  for (let start = 0; start < count; start += slotCount) {
    const run = Math.min(slotCount, count - start)
    for (let i = 0; i < run; i++) copy32(keys, 4 * (start + i), wideBlocks, 8 * i)
    provider.hashPairs(blocks.subarray(0, 64 * run), hashBytes.subarray(0, 32 * run))
    for (let i = 0; i < run; i++) {
      // The last five words of the hash.
      for (let k = 0; k < 5; k++) addresses[5 * i + k] = hashes[8 * i + 3 + k]!
    }
    out.set(addressBytes.subarray(0, 20 * run), 20 * start)
  }
}

/** Hex text whose capitals are a checksum (EIP-55). */
export function toChecksumAddress(provider: Hasher, address: Address): Hex {
  const digits = toHex(address).slice(2)
  const hash = provider.keccak256(utf8(digits))
  let out = '0x'
  for (let i = 0; i < digits.length; i++) {
    const nibble = i % 2 === 0 ? hash[i >> 1]! >> 4 : hash[i >> 1]! & 15
    out += nibble >= 8 ? digits[i]!.toUpperCase() : digits[i]!
  }
  return out as Hex
}

/**
 * Reads an address with its EIP-55 checksum, or without one (all small or all capital letters). Throws
 * `AddressMalformed` or `AddressChecksumWrong`.
 */
export function parseAddress(provider: Hasher, text: string): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) fail('AddressMalformed', { text: text.slice(0, 64) })
  const address = asAddress(fromHex(text)!)
  const digits = text.slice(2)
  const hasChecksum = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (hasChecksum && toChecksumAddress(provider, address) !== text) fail('AddressChecksumWrong', { text })
  return address
}
