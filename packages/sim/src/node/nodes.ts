import { BanyanError, type Hash, toHex } from '@banyan/base'
import { type Committee, createCommittee, type Evidence, type Validator } from '@banyan/consensus'
import { createChain } from '@banyan/ledger'
import type { NetworkHandlers, Network as NodeNetwork } from '@banyan/network'
import type { ConsensusRules, ProgramVersions } from '@banyan/node'
import type { Random } from '@banyan/testing'
import { type Ballots, createBallots } from '../oracle/ballots.js'
import { createFinalChain, type FinalChain } from '../oracle/final-chain.js'
import type { NodeClock } from '../world/clock.js'
import type { Quality } from '../world/network.js'
import { createSchedule, type Schedule } from '../world/schedule.js'
import { createTrace, type Trace } from '../world/trace.js'
import { createMachine, type Machine, type MachineWitness } from './machine.js'
import { chainOptions, validator, validatorKeys } from './people.js'
import { provider } from './remembered-crypto.js'
import { createWire, type Wire } from './wire.js'

/** Changes what a faulty node says: it gets the port of the node, and what the node would be told. */
export type Disguise = {
  readonly handlers: (handlers: NetworkHandlers) => NetworkHandlers
  readonly port: (port: NodeNetwork) => NodeNetwork
}

export type NodesOptions = {
  readonly random: Random
  readonly rules: Omit<ConsensusRules, 'validators'>
  /** The program that a node runs which starts now. */
  readonly versions: (node: number) => ProgramVersions
  /** Weights of the candidates for the committee; the first `members` of them are in the first one. */
  readonly weights: readonly number[]
  readonly members: number
  /** Nodes beside the candidates that only follow. */
  readonly followers: number
  readonly faulty: ReadonlyMap<number, (nodes: Nodes) => Disguise>
  readonly quality: Quality
  readonly inOrder: boolean
  /** The clock of a node that starts now. */
  readonly clock: (node: number) => NodeClock
  readonly diskDelay: (node: number, operation: 'write' | 'sync') => number
  readonly snapshotEvery: number
  readonly snapshotLag: number
  readonly history: (node: number) => 'all' | 'recent'
  readonly print?: ((line: string) => void) | undefined
}

/** Whole nodes on their machines, and everything that watches them. */
export type Nodes = {
  readonly schedule: Schedule
  readonly trace: Trace
  readonly wire: Wire
  readonly rules: ConsensusRules
  readonly genesisId: Hash
  readonly committeeOf: (epoch: number) => Committee
  readonly machines: readonly Machine[]
  readonly honest: readonly Machine[]
  readonly chain: FinalChain
  readonly ballots: Ballots
  readonly failures: readonly string[]
  readonly fail: (problem: string) => void
  /** A folder of this node is about to be damaged. */
  readonly damaged: (node: number) => void
  /** Hears when a machine stops by itself. */
  onStopped: (node: number, error: BanyanError) => void
  /** Whether messages arrive twice or in another order than they do in reality: then honest nodes may think ill of each other. */
  unreal: boolean
}

const traceCodes = { message: 1, final: 2, start: 3, stop: 4 } as const
const mostFailures = 20
const diskFailures: ReadonlySet<string> = new Set(['DiskFull', 'DiskFailed'])

/** Which candidates are members: the first ones at first, then all but another one in each epoch. */
function membersOf(candidates: readonly Validator[], members: number, epoch: number): readonly Validator[] {
  if (epoch < 2 || members === candidates.length) return candidates.slice(0, members)
  return candidates.filter((_, index) => index !== epoch % candidates.length)
}

export function createNodes(options: NodesOptions): Nodes {
  const { random, weights, members, faulty } = options
  const candidates = weights.map((weight, index) => validator(index, weight))
  const rules: ConsensusRules = { ...options.rules, validators: candidates.slice(0, members) }
  const size = weights.length + options.followers
  const { genesisId } = createChain(chainOptions(rules))
  const schedule = createSchedule()
  const trace = createTrace(options.print)
  const failures: string[] = []
  const fail = (problem: string): void => {
    if (failures.length < mostFailures && !failures.includes(problem)) failures.push(problem)
  }
  const committees = new Map<number, Committee>()
  const committeeOf = (epoch: number): Committee => {
    const known = committees.get(epoch)
    const committee =
      known ?? createCommittee(provider, epoch, rules.quorumRule, membersOf(candidates, members, epoch))
    committees.set(epoch, committee)
    return committee
  }
  const dishonest: ReadonlySet<string> = new Set(
    [...faulty.keys()].map((index) => toHex(validatorKeys(index).ed25519Key)),
  )
  const ballots = createBallots(committeeOf, (key) => !dishonest.has(key), fail)
  const chain = createFinalChain(fail)
  const isHonest = (node: number): boolean => !faulty.has(node)
  const isDamaged = new Set<number>()
  const watches = Array.from({ length: size }, (_, node) => ballots.watch(validatorKeys(node).ed25519Key))

  const wire = createWire({
    size,
    schedule,
    random,
    quality: options.quality,
    inOrder: options.inOrder,
    onJudged(judge, peer, verdict) {
      if (!isHonest(judge) || !isHonest(peer) || verdict === 'useful') return
      if (verdict === 'hostile' || !nodes.unreal)
        fail(`honest node ${judge} holds honest node ${peer} for ${verdict}`)
    },
  })

  function accused(node: number, evidence: Evidence, epoch: number): void {
    const { signer } = evidence.kind === 'votes' ? evidence.first : evidence.vote
    const member = committeeOf(epoch).validators[signer]
    if (member === undefined || !dishonest.has(toHex(member.ed25519Key)))
      fail(`node ${node} accuses the honest member ${signer} of epoch ${epoch}`)
  }

  function note(code: keyof typeof traceCodes, node: number, detail: number, text: () => string): void {
    trace.add(schedule.now(), traceCodes[code], node, detail, text)
  }

  function witnessOf(node: number): MachineWitness {
    const watch = watches[node]!
    const isTrusted = isHonest(node)
    return {
      recovered(store, signer) {
        const { id, header } = store.chain.head
        note('start', node, header.height, () => `node ${node} starts at block ${header.height}`)
        if (!isTrusted) return
        chain.recovered(node, header.height, id)
        watch.recovered(signer?.memory, store)
      },
      stored: watch.stored,
      kept: watch.kept,
      persisted: watch.persisted,
      final(final) {
        const { height, version } = final.block.header
        note('final', node, height, () => `block ${height} is final at node ${node}`)
        const expected = rules.upgrades.findLast((upgrade) => upgrade.height <= height)?.version ?? 1
        if (version !== expected) fail(`block ${height} follows version ${version} of the rules`)
        if (isTrusted) chain.told(node, final)
      },
      evidence(evidence, epoch) {
        if (isTrusted) accused(node, evidence, epoch)
      },
      stopped(error, when) {
        const name = error instanceof BanyanError ? error.kind : String(error)
        note('stop', node, name.length, () => `node ${node} stops while ${when}: ${name}`)
        const isExpected =
          error instanceof BanyanError &&
          (diskFailures.has(error.kind) ||
            (error.kind === 'SnapshotInvalid' && isDamaged.has(node)) ||
            (error.kind === 'UpgradeRequired' && rules.upgrades.length > 0))
        if (isExpected) nodes.onStopped(node, error)
        else fail(`node ${node} stops while ${when}: ${error instanceof Error ? error.stack : name}`)
      },
    }
  }

  function attach(node: number, handlers: NetworkHandlers): NodeNetwork {
    const disguise = faulty.get(node)?.(nodes)
    const heard: NetworkHandlers = {
      ...(disguise?.handlers(handlers) ?? handlers),
    }
    const traced: NetworkHandlers = {
      ...heard,
      onMessage(peer, channel, bytes) {
        note(
          'message',
          node,
          bytes.length * 31 + (bytes[bytes.length - 1] ?? 0),
          () => `${peer} tells n${node} ${bytes.length} bytes of kind ${bytes[0]}`,
        )
        heard.onMessage(peer, channel, bytes)
      },
    }
    const port = wire.attach(node, traced)
    if (disguise !== undefined) return disguise.port(port)
    return {
      ...port,
      send(peer, channel, bytes) {
        watches[node]!.sent(bytes)
        port.send(peer, channel, bytes)
      },
    }
  }

  const machines = Array.from({ length: size }, (_, node) =>
    createMachine({
      number: node,
      rules,
      versions: () => options.versions(node),
      genesisId,
      isValidator: node < weights.length,
      elect: (_view, epoch) => membersOf(candidates, members, epoch),
      schedule,
      clock: () => options.clock(node),
      diskDelay: (operation) => options.diskDelay(node, operation),
      checkDelay: () => 1 + random.below(4),
      snapshotEvery: options.snapshotEvery,
      snapshotLag: options.snapshotLag,
      history: options.history(node),
      attach: (handlers) => attach(node, handlers),
      detach: () => wire.detach(node),
      witness: witnessOf(node),
    }),
  )

  const nodes: Nodes = {
    schedule,
    trace,
    wire,
    rules,
    genesisId,
    committeeOf,
    machines,
    honest: machines.filter(({ number }) => isHonest(number)),
    chain,
    ballots,
    failures,
    fail,
    damaged(node) {
      isDamaged.add(node)
      watches[node]!.damaged()
      chain.damaged(node)
    },
    onStopped: () => undefined,
    unreal: !options.inOrder,
  }
  return nodes
}
