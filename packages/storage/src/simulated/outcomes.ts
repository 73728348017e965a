import type { Outcome } from './disk.js'

/** What becomes of changes that were not synced when the power goes: everything is lost. */
export const lost: Outcome = () => 0

/** Everything has reached the disk nevertheless. */
export const kept: Outcome = ({ bytes }) => bytes

/** Keeps the first `count` unsynced bytes, as an interrupted write does. */
export function tornAfter(count: number): Outcome {
  let left = count
  return ({ operation, bytes }) => {
    if (operation !== 'write') return bytes
    const taken = Math.min(left, bytes)
    left -= taken
    return taken
  }
}

/** Loses the first `count` unsynced writes and keeps the rest, as a disk that writes in another order does. */
export function lostBefore(count: number): Outcome {
  let left = count
  return ({ operation, bytes }) => (operation === 'write' && left-- > 0 ? 0 : bytes)
}

/** Loses, keeps or tears every unsynced change at random, always in the same way for one seed. */
export function randomOutcome(seed: number): Outcome {
  // Marsaglia's xorshift generator of 32 bits; its state must not be zero.
  let state = Math.imul(seed, 0x9e3779b1) | 1
  const next = (bound: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
  return ({ bytes }) => {
    const kind = next(3)
    if (kind === 0) return 0
    return kind === 1 ? bytes : next(bytes + 1)
  }
}
