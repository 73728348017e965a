import { shake128 } from '@noble/hashes/sha3.js'

/**
 * A hash of a set that grows row by row in any order: LtHash16 (Lewi, Kim, Maykov and Weis, "Securing Update Propagation with Homomorphic Hashing",
 * 2019) with SHAKE128 as its expansion. Each row must come once; count and total stand beside the sum.
 */

const lanes = 1_024

/** 2,048 bytes of SHAKE128 of a row hash. */
export type Expand = (rowHash: Uint8Array) => Uint8Array

/** In plain JavaScript; `@banyan/billing/node` has one that is some thirty times as fast. */
export const expandRow: Expand = (rowHash) => shake128(rowHash, { dkLen: 2 * lanes })

export type LatticeSum = {
  readonly add: (rowHash: Uint8Array, amount: bigint) => void
  readonly value: () => { readonly lanes: Uint8Array; readonly count: number; readonly total: bigint }
}

/** Starts from nothing, or from an earlier value. */
export function createLatticeSum(expand: Expand, from?: ReturnType<LatticeSum['value']>): LatticeSum {
  const sum = new Uint16Array(lanes)
  if (from !== undefined) readLanes(from.lanes, (i, lane) => (sum[i] = lane))
  let count = from?.count ?? 0
  let total = from?.total ?? 0n
  return {
    add: (rowHash, amount) => {
      readLanes(expand(rowHash), (i, lane) => (sum[i]! += lane))
      count++
      total += amount
    },
    value: () => {
      const bytes = new Uint8Array(2 * lanes)
      for (let i = 0; i < lanes; i++) {
        bytes[2 * i] = sum[i]! & 0xff
        bytes[2 * i + 1] = sum[i]! >> 8
      }
      return { lanes: bytes, count, total }
    },
  }
}

/** Little-endian on every machine. */
function readLanes(bytes: Uint8Array, take: (index: number, lane: number) => void): void {
  for (let i = 0; i < lanes; i++) take(i, bytes[2 * i]! | (bytes[2 * i + 1]! << 8))
}
