import { asAddress, asHash } from '@banyan/base'
import { type Committee, type ConsensusMessage, quorumOf, type Timing } from '@banyan/consensus'
import type { Random } from '@banyan/testing'
import { createVerdict, describe, type Verdict } from '../oracle/verdict.js'
import type { NodeClock } from '../world/clock.js'
import { createNetwork, type Network, type Quality } from '../world/network.js'
import { createSchedule, type Schedule } from '../world/schedule.js'
import { createTrace, type Trace } from '../world/trace.js'
import { type Blocks, createBlocks } from './blocks.js'
import { createHost, type Host, type HostPace } from './host.js'
import { createMockScheme, type MockScheme } from './scheme.js'

/**
 * Who takes part. Participants 0 to n - 1 have these indices in the committee; after them come second instances of
 * `twins`, then one observer if asked for.
 */
export type ClusterOptions = {
  readonly random: Random
  readonly committee: Committee
  readonly leaderOf: (view: number) => number
  readonly timing: Timing
  /** Indices whose host is not made: `receiveFaulty` gets their messages. */
  readonly faulty: ReadonlySet<number>
  readonly receiveFaulty?: (index: number, message: ConsensusMessage) => void
  /** Indices of which two instances run. */
  readonly twins: readonly number[]
  readonly observer: boolean
  /** So many are faulty that forks cannot be prevented. */
  readonly forksAllowed?: boolean
  readonly quality: Quality
  readonly clock: (participant: number) => NodeClock
  readonly pace: (participant: number) => HostPace
  readonly passes?: (from: number, to: number, message: ConsensusMessage) => boolean
  /** Hears what hosts send and call final. */
  readonly onSent?: (participant: number, message: ConsensusMessage) => void
  readonly onFinal?: (participant: number, view: number) => void
  readonly print?: ((line: string) => void) | undefined
}

export type Cluster = {
  readonly schedule: Schedule
  readonly network: Network<ConsensusMessage>
  readonly blocks: Blocks
  readonly mock: MockScheme
  readonly verdict: Verdict
  readonly trace: Trace
  /** By participant; nothing for the faulty ones. */
  readonly hosts: readonly (Host | undefined)[]
  /** Hosts of honest validators: neither faulty, nor twins, nor observers. */
  readonly honest: readonly Host[]
  /** Sends a message of a faulty participant. */
  readonly sendFaulty: (from: number, to: number, message: ConsensusMessage) => void
  readonly start: () => void
}

/** Height of the block that the epoch starts from: any number will do. */
const startHeight = 1_000

/** A committee for tests. Its keys are of no use: the mock scheme knows signers by index. */
export function mockCommittee(weights: readonly number[]): Committee {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const validators = weights.map((weight) => ({
    address: asAddress(new Uint8Array(20)),
    ed25519Key: new Uint8Array(32),
    blsKey: new Uint8Array(48),
    weight,
  }))
  const quorum = quorumOf('byzantine', total)
  return { epoch: 0, rule: 'byzantine', validators, quorum, hash: asHash(new Uint8Array(32)) }
}

export function createCluster(options: ClusterOptions): Cluster {
  const { random, committee, leaderOf, timing, faulty, twins, observer } = options
  const members = committee.validators.length
  const size = members + twins.length + (observer ? 1 : 0)
  const schedule = createSchedule()
  const trace = createTrace(options.print)
  const mock = createMockScheme(1)
  const blocks = createBlocks(startHeight)
  const isFaulty = (index: number): boolean => faulty.has(index) || twins.includes(index)
  const verdict = createVerdict({
    blocks,
    committee,
    scheme: mock.scheme,
    leaderOf,
    isFaulty,
    forksAllowed: options.forksAllowed ?? false,
  })
  const hosts: (Host | undefined)[] = []
  const served = new Set<number>()

  const indexOf = (participant: number): number | undefined =>
    participant < members ? participant : twins[participant - members]

  function deliver(from: number, to: number, message: ConsensusMessage): void {
    trace.add(schedule.now(), 1, from, to, () => `${to} hears: ${from} ${describe(message)}`)
    const host = hosts[to]
    if (host === undefined) options.receiveFaulty?.(to, message)
    else host.receive(indexOf(from), message)
  }

  const { quality, passes } = options
  const network = createNetwork<ConsensusMessage>({
    size,
    schedule,
    random,
    quality,
    deliver,
    ...(passes && { passes }),
  })

  function send(from: number, to: number | 'all', message: ConsensusMessage): void {
    for (let participant = 0; participant < size; participant++) {
      if (participant === from) continue
      if (to === 'all' || indexOf(participant) === to) network.send(from, participant, message)
    }
  }

  function createMember(participant: number): Host {
    const index = indexOf(participant)
    const witness =
      index !== undefined && isFaulty(index) ? verdict.overhear() : verdict.watch(participant, index)
    return createHost({
      participant,
      core: { committee, scheme: mock.scheme, leaderOf, start: blocks.start, timing },
      signer: index === undefined ? undefined : { index, sign: mock.signer(index) },
      blocks,
      schedule,
      random,
      clock: options.clock(participant),
      pace: options.pace(participant),
      // Only one: the others have what it lost.
      forgetful: participant === 0,
      send(to, message) {
        options.onSent?.(participant, message)
        send(participant, to, message)
      },
      served,
      witness: {
        ...witness,
        final(blockId, certificate) {
          const { view } = certificate.vote
          trace.add(schedule.now(), 2, participant, view, () => `${participant} has view ${view} final`)
          options.onFinal?.(participant, view)
          witness.final(blockId, certificate)
        },
        restarted(floor) {
          trace.add(schedule.now(), 3, participant, floor, () => `${participant} starts with floor ${floor}`)
          witness.restarted(floor)
        },
      },
    })
  }

  for (let participant = 0; participant < size; participant++) {
    hosts.push(faulty.has(participant) ? undefined : createMember(participant))
  }
  return {
    schedule,
    network,
    blocks,
    mock,
    verdict,
    trace,
    hosts,
    honest: hosts.slice(0, members).filter((host, index) => !isFaulty(index) && host !== undefined) as Host[],
    sendFaulty(from, to, message) {
      verdict.hear(message)
      network.send(from, to, message)
    },
    start() {
      for (const host of hosts) host?.start()
    },
  }
}
