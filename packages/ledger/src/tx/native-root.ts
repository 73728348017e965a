import { type Hash, hashLength, uintToLe } from '@banyan/base'
import { byteListRoot, type Hasher, hashPair, listRoot, merkleRoot, signingRoot } from '@banyan/crypto'
import { writeU32, writeU64, writeU128 } from './little-endian.js'
import { checkNativeFields } from './native.js'
import type { Call, DeclaredKey, NativeBody, PostCondition } from './native-format.js'

/**
 * `hash_tree_root` of a native body over flat chunks: the SSZ library needs some 90 µs for one call, because it hashes
 * node by node in plain JavaScript. The tests compare both.
 */

/** Depths of the trees: the limits of the format in leaves, as powers of two. */
const depths = { fields: 4, calls: 6, accessKeys: 8, postConditions: 4, callData: 11 } as const

/** Bytes of an element with up to four fields, one chunk each. */
const elementLength = 4 * hashLength

/** The transaction id. `domain` is that of `banyan/native`. Error: OptionInvalid where a field does not fit. */
export function nativeId(provider: Hasher, domain: Hash, body: NativeBody): Hash {
  return signingRoot(provider, nativeBodyRoot(provider, body), domain)
}

/**
 * What the sponsor signs: it covers the id and the largest fee in pip. `domain` is that of `banyan/sponsor`.
 */
export function sponsorDigest(provider: Hasher, domain: Hash, id: Hash, maxFee: bigint): Hash {
  return signingRoot(provider, hashPair(provider, id, uintToLe(maxFee, hashLength)), domain)
}

function nativeBodyRoot(provider: Hasher, body: NativeBody): Hash {
  checkNativeFields(body)
  const chunks = new Uint8Array(12 * hashLength)
  writeU64(chunks, 0, body.chainId)
  chunks.set(body.account, 32)
  chunks.set(body.mark, 64)
  writeU64(chunks, 96, body.validUntil)
  writeU64(chunks, 128, body.nonce)
  writeU64(chunks, 160, body.gasLimit)
  writeU128(chunks, 192, body.maxFeePerGas)
  writeU128(chunks, 224, body.tipPerGas)
  chunks.set(body.sponsor, 256)
  chunks.set(listRoot(provider, callRoots(provider, body.calls), depths.calls), 288)
  chunks.set(listRoot(provider, accessKeyRoots(provider, body.accessKeys), depths.accessKeys), 320)
  chunks.set(
    listRoot(provider, postConditionRoots(provider, body.postConditions), depths.postConditions),
    352,
  )
  return merkleRoot(provider, chunks, depths.fields)
}

function callRoots(provider: Hasher, calls: readonly Call[]): Uint8Array {
  const chunks = new Uint8Array(calls.length * elementLength)
  for (const [index, call] of calls.entries()) {
    const start = index * elementLength
    chunks.set(call.to, start)
    writeU128(chunks, start + 32, call.value)
    chunks.set(byteListRoot(provider, call.data, depths.callData), start + 64)
  }
  return elementRoots(provider, chunks)
}

function accessKeyRoots(provider: Hasher, keys: readonly DeclaredKey[]): Uint8Array {
  const chunks = new Uint8Array(keys.length * elementLength)
  for (const [index, { kind, write, owner, key }] of keys.entries()) {
    const start = index * elementLength
    chunks[start] = kind
    chunks[start + 32] = write ? 1 : 0
    chunks.set(owner, start + 64)
    chunks.set(key, start + 96)
  }
  return elementRoots(provider, chunks)
}

function postConditionRoots(provider: Hasher, conditions: readonly PostCondition[]): Uint8Array {
  const chunks = new Uint8Array(conditions.length * elementLength)
  for (const [index, { account, asset, maxSpent }] of conditions.entries()) {
    const start = index * elementLength
    chunks.set(account, start)
    writeU32(chunks, start + 32, asset)
    writeU128(chunks, start + 64, maxSpent)
  }
  return elementRoots(provider, chunks)
}

/** Roots of elements of four chunks each, all of them two batches of hashes. */
function elementRoots(provider: Hasher, chunks: Uint8Array): Uint8Array {
  const halves = new Uint8Array(chunks.length / 2)
  provider.hashPairs(chunks, halves)
  const roots = new Uint8Array(chunks.length / 4)
  provider.hashPairs(halves, roots)
  return roots
}
