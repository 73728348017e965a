import { createWriter, type Hash, uintToLe, utf8 } from '@banyan/base'
import type { Keccak } from '../charge/seal.js'

/** `in`: collected from the account. `out`: paid to it. */
export type Direction = 'in' | 'out'

/** What the 32 bytes that travel with a transfer commit to. */
export type AnchorParts = {
  readonly region: string
  /** 20 bytes. */
  readonly account: Uint8Array
  readonly direction: Direction
  /** Such as `2026-11-21`. */
  readonly period: string
  /** Rows of this period. */
  readonly count: number
  /** pip of these rows. */
  readonly total: bigint
  readonly root: Hash
  /** Carried over from periods before, pip, and the anchor of the last of them; 0 and zeros if there is nothing. */
  readonly carried: bigint
  readonly carriedAnchor: Hash
}

/** The anchor: docs/formats.md "Anchors". Nothing of it can be exchanged for that of another node, account, direction or period. */
export function anchorOf(keccak256: Keccak, parts: AnchorParts): Hash {
  const { region, account, direction, period, count, total, root, carried, carriedAnchor } = parts
  return keccak256(
    createWriter()
      .u8(2)
      .fixed(utf8('banyan/anchor/1'))
      .bytes(utf8(region))
      .fixed(account)
      .u8(direction === 'in' ? 0 : 1)
      .bytes(utf8(period))
      .u64(count)
      .fixed(uintToLe(total, 16))
      .fixed(root)
      .fixed(uintToLe(carried, 16))
      .fixed(carriedAnchor)
      .done(),
  )
}
