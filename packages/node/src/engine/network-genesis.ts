import { asHash, concatBytes, fail, type Hash, uintToLe } from '@banyan/base'
import {
  type Committee,
  createCommittee,
  type QuorumRule,
  roundRobin,
  type Schedule,
  shuffled,
  stableLeader,
  type Timing,
  type Validator,
} from '@banyan/consensus'
import { type CryptoProvider, containerRoot, tag } from '@banyan/crypto'
import type { Genesis } from '@banyan/ledger'

/** Who proposes: each in turn, each for some views in turn, or in an order that every round is shuffled anew. */
export type ScheduleRule =
  | { readonly kind: 'roundRobin' }
  | { readonly kind: 'stableLeader'; readonly term: number }
  | { readonly kind: 'shuffled' }

/** From the block of this height on, blocks follow this version of the rules. */
export type Upgrade = { readonly version: number; readonly height: number }

/** How the nodes of a network agree: part of the chain's identity, but for the upgrades, which are added later. */
export type ConsensusRules = {
  /** Committee of the epochs 0 and 1. */
  readonly validators: readonly Validator[]
  readonly quorumRule: QuorumRule
  readonly schedule: ScheduleRule
  readonly timing: Timing
  /** Blocks of an epoch: 2 or more. */
  readonly epochBlocks: number
  /** How far a block's time may be ahead of a verifier's clock, ms. */
  readonly maxClockSkew: number
  /** Changes of the rules: versions 2, 3, and so on, at ascending heights. */
  readonly upgrades: readonly Upgrade[]
}

/** The ledger's genesis of a network: with the hash of its consensus rules. Error: GenesisInvalid. */
export function networkGenesis(
  provider: CryptoProvider,
  ledger: Omit<Genesis, 'consensus'>,
  rules: ConsensusRules,
): Genesis {
  checkRules(rules)
  const committee = firstCommittee(provider, rules, 0)
  return {
    ...ledger,
    consensus: { rulesHash: consensusRulesHash(provider, rules, committee), committeeHash: committee.hash },
  }
}

/** Committee of epoch 0 or 1. */
export function firstCommittee(provider: CryptoProvider, rules: ConsensusRules, epoch: number): Committee {
  return createCommittee(provider, epoch, rules.quorumRule, rules.validators)
}

/** docs/formats.md "Consensus rules". */
function consensusRulesHash(provider: CryptoProvider, rules: ConsensusRules, first: Committee): Hash {
  const { timing, epochBlocks, maxClockSkew, quorumRule, schedule } = rules
  const numbers = [
    epochBlocks,
    quorumRule === 'byzantine' ? 0 : 1,
    ['roundRobin', 'stableLeader', 'shuffled'].indexOf(schedule.kind),
    schedule.kind === 'stableLeader' ? schedule.term : 0,
    timing.interval,
    timing.heartbeat,
    timing.delta,
    maxClockSkew,
  ]
  const chunks = [
    tag('banyan/consensus'),
    first.hash,
    ...numbers.map((number) => uintToLe(BigInt(number), 32)),
  ]
  return asHash(containerRoot(provider, concatBytes(...chunks)))
}

function checkRules({ epochBlocks, timing, maxClockSkew, upgrades }: ConsensusRules): void {
  const numbers = [timing.interval, timing.heartbeat, timing.delta, maxClockSkew]
  if (!Number.isSafeInteger(epochBlocks) || epochBlocks < 2) {
    fail('GenesisInvalid', { reason: 'an epoch has at least two blocks' })
  }
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0)) {
    fail('GenesisInvalid', { reason: 'times are whole numbers of milliseconds' })
  }
  const isOrdered = upgrades.every(
    ({ version, height }, i) =>
      version === i + 2 && Number.isSafeInteger(height) && height > (upgrades[i - 1]?.height ?? 0),
  )
  if (!isOrdered)
    fail('GenesisInvalid', { reason: 'upgrades have the versions 2, 3, … and ascending heights' })
}

/** Who proposes in the views of an epoch. `seed` is known a whole epoch before. */
export function scheduleOf(
  provider: CryptoProvider,
  { schedule }: ConsensusRules,
  { validators }: Committee,
  seed: Hash,
): Schedule {
  const members = validators.length
  if (schedule.kind === 'shuffled') return shuffled(provider, members, seed)
  return schedule.kind === 'stableLeader' ? stableLeader(members, schedule.term) : roundRobin(members)
}
