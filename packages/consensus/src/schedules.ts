import { concatBytes, fail, type Hash, uintToLe } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { maxMembers } from './committee.js'

/** Index of the proposer of a view, the first of which is 1. */
export type Schedule = (view: number) => number

/** Most views in a row that one leader may have: while it is down, all of them are skipped. */
export const maxTerm = 128

function checkMembers(members: number): void {
  if (Number.isInteger(members) && members >= 1 && members <= maxMembers) return
  fail('OptionInvalid', { option: 'members', reason: `must be 1 to ${maxMembers}` })
}

/** One member after the other. */
export function roundRobin(members: number): Schedule {
  checkMembers(members)
  return (view) => (view - 1) % members
}

/** Every member leads for `term` views, then the next one does. A leader that is down is skipped all the same. */
export function stableLeader(members: number, term: number): Schedule {
  checkMembers(members)
  if (!Number.isInteger(term) || term < 1 || term > maxTerm) {
    fail('OptionInvalid', { option: 'term', reason: `must be 1 to ${maxTerm}` })
  }
  return (view) => Math.floor((view - 1) / term) % members
}

/** Uniform integers below a limit, drawn from 32-bit words; words that would favour small results are passed over. */
function drawFrom(words: () => number): (limit: number) => number {
  return (limit) => {
    const end = 2 ** 32 - (2 ** 32 % limit)
    let word = words()
    while (word >= end) word = words()
    return word % limit
  }
}

/** Words of SHA-256(seed ‖ round ‖ 0), SHA-256(seed ‖ round ‖ 1) and so on, eight little-endian ones of each. */
function wordStream(provider: CryptoProvider, seed: Hash, round: number): () => number {
  const prefix = concatBytes(seed, uintToLe(BigInt(round), 8))
  let block = new DataView(new ArrayBuffer(0))
  let next = 0
  let offset = 0
  return () => {
    if (offset === block.byteLength) {
      block = new DataView(provider.sha256(concatBytes(prefix, uintToLe(BigInt(next++), 8))).slice().buffer)
      offset = 0
    }
    offset += 4
    return block.getUint32(offset - 4, true)
  }
}

/** Members in the order of one round: Fisher-Yates from the last place down (docs/consensus.md, "Who proposes"). */
export function shuffledRound(
  provider: CryptoProvider,
  members: number,
  seed: Hash,
  round: number,
): Uint16Array {
  checkMembers(members)
  const draw = drawFrom(wordStream(provider, seed, round))
  const order = Uint16Array.from({ length: members }, (_, i) => i)
  for (let i = members - 1; i > 0; i--) {
    const j = draw(i + 1)
    const taken = order[i]!
    order[i] = order[j]!
    order[j] = taken
  }
  return order
}

/** Every member once per round of as many views as there are members, each round in an order of its own. */
export function shuffled(provider: CryptoProvider, members: number, seed: Hash): Schedule {
  let known = { round: 0, order: shuffledRound(provider, members, seed, 0) }
  return (view) => {
    const round = Math.floor((view - 1) / members)
    if (round !== known.round) known = { round, order: shuffledRound(provider, members, seed, round) }
    return known.order[(view - 1) % members]!
  }
}
