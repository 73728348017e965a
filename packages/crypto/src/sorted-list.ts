import { assert, compareBytes } from '@banyan/base'
import { type ListProof, proveListElement, verifyListElement } from './list-proof.js'
import type { CryptoProvider } from './provider.js'

/** A leaf of a list with its proof. */
export type ListElement = { readonly leaf: Uint8Array; readonly proof: ListProof }

/**
 * Shows that a value is not among the ascending leaves of a list: the leaves around the place where it would stand.
 * `undefined` where the list begins or ends; both in an empty list. At most twice the size of a list proof.
 */
export type GapProof = {
  readonly below: ListElement | undefined
  readonly above: ListElement | undefined
}

/** Number of ascending leaves (flat, 32 bytes each) that are less than `value`. */
function rankOf(leaves: Uint8Array, value: Uint8Array): number {
  let low = 0
  let high = leaves.length / 32
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareBytes(leaves.subarray(32 * middle, 32 * middle + 32), value) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Place of `value` among ascending leaves, -1 if it is not there. */
export function placeInSorted(leaves: Uint8Array, value: Uint8Array): number {
  const rank = rankOf(leaves, value)
  const leaf = leaves.subarray(32 * rank, 32 * rank + 32)
  return leaf.length === 32 && compareBytes(leaf, value) === 0 ? rank : -1
}

/** Proof that `value` is not among the ascending leaves. */
export function proveGap(provider: CryptoProvider, leaves: Uint8Array, value: Uint8Array): GapProof {
  assert(placeInSorted(leaves, value) < 0, 'a value whose absence is shown is absent')
  const rank = rankOf(leaves, value)
  const element = (index: number): ListElement | undefined =>
    index < 0 || index >= leaves.length / 32
      ? undefined
      : {
          leaf: leaves.slice(32 * index, 32 * index + 32),
          proof: proveListElement(provider, leaves, index),
        }
  return { below: element(rank - 1), above: element(rank) }
}

/**
 * Whether the proof shows that `value` is not among the leaves of a list with this root and number of leaves. That the
 * leaves ascend is what whoever made the root vouches for.
 */
export function verifyGap(
  provider: CryptoProvider,
  root: Uint8Array,
  length: number,
  limitDepth: number,
  value: Uint8Array,
  proof: GapProof,
): boolean {
  const { below, above } = proof
  const holds = (element: ListElement): boolean =>
    element.proof.length === length &&
    verifyListElement(provider, root, element.leaf, limitDepth, element.proof)
  if (value.length !== 32) return false
  if (below !== undefined && !(holds(below) && compareBytes(below.leaf, value) < 0)) return false
  if (above !== undefined && !(holds(above) && compareBytes(value, above.leaf) < 0)) return false
  const place = below === undefined ? 0 : below.proof.index + 1
  return place === (above === undefined ? length : above.proof.index)
}
