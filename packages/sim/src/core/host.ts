import type { Hash } from '@banyan/base'
import {
  type BlockRef,
  type Certificate,
  type ConsensusMessage,
  type Core,
  type CoreEffect,
  type CoreEvent,
  type CoreOptions,
  createCore,
  type Evidence,
  heldCertificates,
  type SignedVote,
  type SignerRecord,
  step,
} from '@banyan/consensus'
import type { Random } from '@banyan/testing'
import type { NodeClock } from '../world/clock.js'
import { createDisk } from '../world/disk.js'
import type { Schedule } from '../world/schedule.js'
import { type Blocks, blockNumber } from './blocks.js'

/** What a node around a core does and is told; it keeps the order of effects that the core's interface demands. */
export type Host = {
  readonly start: () => void
  /** Loses everything but the disk, of which the last writes may be lost too. Nothing if it is down. */
  readonly crash: () => void
  /** Starts again from the disk. Nothing if it is up. */
  readonly restart: () => void
  /** Stands still; what would have happened happens on `resume`. */
  readonly pause: () => void
  readonly resume: () => void
  readonly receive: (from: number | undefined, message: ConsensusMessage) => void
  readonly isUp: () => boolean
  /** View of the newest block that is final here; 0 before the first. */
  readonly finalView: () => number
  readonly core: () => Core
}

/** What the rest of the world learns from a host. */
export type HostWitness = {
  readonly persisted: (record: SignerRecord) => void
  readonly stored: (blockId: Hash) => void
  readonly kept: (certificate: Certificate) => void
  readonly sent: (message: ConsensusMessage) => void
  readonly final: (blockId: Hash, certificate: Certificate) => void
  readonly evidence: (evidence: Evidence) => void
  readonly restarted: (floor: number) => void
}

/** How long the work of a host takes, in ms; chosen anew each time. */
export type HostPace = {
  readonly syncDelay: () => number
  readonly checkDelay: () => number
  readonly buildDelay: () => number
}

export type HostOptions = {
  /** Number among the participants; not the index in the committee, which twins share and observers lack. */
  readonly participant: number
  readonly core: Omit<CoreOptions, 'signer' | 'certificates'>
  readonly signer: { readonly index: number; readonly sign: (message: Hash) => Uint8Array } | undefined
  readonly blocks: Blocks
  readonly schedule: Schedule
  readonly random: Random
  readonly clock: NodeClock
  readonly pace: HostPace
  /** Now and then a restart finds the finalization certificate damaged, while the signer's floor is kept. */
  readonly forgetful: boolean
  readonly send: (to: number | 'all', message: ConsensusMessage) => void
  /** Numbers of the blocks whose payload some node holds and gives to whoever asks; shared by all hosts. */
  readonly served: Set<number>
  readonly witness: HostWitness
}

/** A block as it is kept, with its proposer's vote if that was seen. */
type StoredBlock = {
  readonly block: BlockRef
  readonly vote: SignedVote | undefined
}

type DurableWrite =
  | { readonly kind: 'record'; readonly record: SignerRecord }
  | ({ readonly kind: 'block' } & StoredBlock)
  | { readonly kind: 'certificate'; readonly certificate: Certificate }

/** Time between two attempts to get a payload that nobody gave, ms. */
const fetchRetry = 50

export function createHost(options: HostOptions): Host {
  const { participant, blocks, schedule, random, clock, pace, witness, signer } = options
  const records = new Map<number, SignerRecord>()
  const stored = new Map<number, StoredBlock>()
  /** Notarizations behind own votes to finalize. */
  const kept = new Map<number, Certificate>()
  /** Votes of the proposals that were heard or made in this life, by the number of the block. */
  let votes = new Map<number, SignedVote>()
  const disk = createDisk<DurableWrite>(random, (write) => {
    if (write.kind === 'block') {
      stored.set(blockNumber(write.block.id), write)
      witness.stored(write.block.id)
      return
    }
    if (write.kind === 'certificate') {
      kept.set(write.certificate.vote.view, write.certificate)
      witness.kept(write.certificate)
      return
    }
    records.set(write.record.view, write.record)
    witness.persisted(write.record)
  })
  let finalCertificate: Certificate | undefined
  /** Those that survived the last crash; kept without sync, as losing them is harmless (P4). */
  let certificates: readonly Certificate[] = []
  let core: Core | undefined
  /** Grows with every crash; what was planned in an earlier life never happens. */
  let life = 0
  let missed: (() => void)[] | undefined
  let outbox: CoreEffect[] = []
  let syncing = false
  let wakes = 0

  const finalView = (): number => finalCertificate?.vote.view ?? 0

  /** Acts now, or when the pause is over; never in another life. */
  function act(action: () => void): void {
    if (missed !== undefined) missed.push(action)
    else action()
  }

  function after(delay: number, action: () => void): void {
    const born = life
    schedule.at(schedule.now() + delay, () => {
      if (born === life) act(action)
    })
  }

  function handle(event: CoreEvent): void {
    if (core === undefined) return
    for (const effect of step(core, event, clock.local(schedule.now()))) {
      // The vote of an own proposal is kept with its block, which is stored before the proposal leaves.
      if (effect.kind === 'send') keepVote(effect.message)
      outbox.push(effect)
    }
    carryOutAll()
  }

  function carryOutAll(): void {
    let done = 0
    while (!syncing && done < outbox.length) {
      if (isDurable(outbox[done]!)) {
        while (done < outbox.length && isDurable(outbox[done]!)) write(outbox[done++]!)
        syncSoon()
      } else carryOut(outbox[done++]!)
    }
    outbox = outbox.slice(done)
  }

  function keepVote(message: ConsensusMessage): void {
    if (message.kind === 'proposal') votes.set(blockNumber(message.block.id), message.vote)
  }

  function syncSoon(): void {
    const delay = pace.syncDelay()
    if (delay === 0) {
      disk.sync()
      return
    }
    syncing = true
    after(delay, () => {
      disk.sync()
      syncing = false
      carryOutAll()
    })
  }

  function write(effect: CoreEffect): void {
    if (effect.kind === 'persist') disk.write({ kind: 'record', record: effect.record })
    if (effect.kind === 'keep') disk.write({ kind: 'certificate', certificate: effect.certificate })
    if (effect.kind !== 'store') return
    const block = blocks.find(effect.blockId)
    if (block === undefined)
      throw new Error(`asked to store block ${blockNumber(effect.blockId)}, which nobody made`)
    const vote = votes.get(blockNumber(effect.blockId))
    disk.write({ kind: 'block', block: block.ref, vote })
  }

  function carryOut(effect: CoreEffect): void {
    switch (effect.kind) {
      case 'send':
        witness.sent(effect.message)
        options.send(effect.to, effect.message)
        return
      case 'build':
        build(effect)
        return
      case 'check':
        after(pace.checkDelay(), () => check(effect.block))
        return
      case 'wake':
        wake(effect.at)
        return
      case 'evidence':
        witness.evidence(effect.evidence)
        return
      case 'final':
        finalize(effect.blockId, effect.certificate)
    }
  }

  function build(effect: Extract<CoreEffect, { kind: 'build' }>): void {
    const { view, parent, justification } = effect
    const start = Math.max(schedule.now(), clock.moment(effect.notBefore))
    after(start - schedule.now() + pace.buildDelay(), () => {
      const block = blocks.create({
        view,
        height: parent.height + 1,
        parentId: parent.id,
        parentView: parent.view,
        proposer: signer?.index ?? -1,
        justification,
      })
      options.served.add(blockNumber(block.id))
      handle({ kind: 'built', block })
    })
  }

  function check(block: BlockRef): void {
    const known = blocks.find(block.id)
    if (known === undefined) return
    if (known.withheldFrom.has(participant) && !options.served.has(blockNumber(block.id))) {
      after(fetchRetry, () => check(block))
      return
    }
    const parentHeight = blocks.find(block.parentId)?.ref.height ?? blocks.start.height
    const valid = known.payloadValid && block.height === parentHeight + 1
    if (valid) options.served.add(blockNumber(block.id))
    handle({ kind: 'checked', view: block.view, blockId: block.id, valid })
  }

  function wake(at: number): void {
    const number = ++wakes
    after(Math.max(0, clock.moment(at) - schedule.now()), () => {
      if (number === wakes) handle({ kind: 'time' })
    })
  }

  function finalize(blockId: Hash, certificate: Certificate): void {
    witness.final(blockId, certificate)
    if (certificate.vote.view <= finalView()) return
    finalCertificate = certificate
    for (const view of records.keys()) if (view <= finalView()) records.delete(view)
    for (const view of kept.keys()) if (view <= finalView()) kept.delete(view)
    for (const [number, { block }] of stored) if (block.view < finalView()) stored.delete(number)
  }

  function start(): void {
    const known = [...certificates, ...kept.values()]
    const memory = { floor: finalView(), records: [...records.values()] }
    witness.restarted(memory.floor)
    const isLost = options.forgetful && random.below(4) === 0
    core = createCore({
      ...options.core,
      certificates: finalCertificate === undefined || isLost ? known : [...known, finalCertificate],
      signer: signer === undefined ? undefined : { ...signer, memory },
    })
    handle({ kind: 'start' })
    for (const { block, vote } of [...stored.values()]) {
      if (vote !== undefined) votes.set(blockNumber(block.id), vote)
      handle({ kind: 'block', block, vote })
    }
    handle({ kind: 'pending', pending: true })
  }

  return {
    start,
    crash() {
      if (core === undefined) return
      // A certificate may hold an own vote whose record is still being written: it is kept after that, not before.
      if (!syncing) certificates = heldCertificates(core).filter(() => random.below(2) === 0)
      core = undefined
      life++
      missed = undefined
      outbox = []
      votes = new Map()
      syncing = false
      disk.crash()
    },
    restart() {
      if (core === undefined) start()
    },
    pause() {
      if (core !== undefined) missed ??= []
    },
    resume() {
      const actions = missed ?? []
      missed = undefined
      for (const action of actions) action()
    },
    receive: (from, message) => {
      if (core === undefined) return
      act(() => {
        keepVote(message)
        handle({ kind: 'message', from, message })
      })
    },
    isUp: () => core !== undefined && missed === undefined,
    finalView,
    core: () => core!,
  }
}

function isDurable(effect: CoreEffect): boolean {
  return effect.kind === 'store' || effect.kind === 'keep' || effect.kind === 'persist'
}
