import {
  blsFrom,
  type ConsensusMessage,
  type CoreEffect,
  type CoreEvent,
  createCore,
  encodeCertificate,
  encodeMessage,
  step,
} from '@banyan/consensus'
import { createExecution } from './execution.js'
import { createThread, type Machine } from './machine.js'
import { createOutbox } from './outbox.js'
import { createPool } from './pool.js'
import { bytesOnWire, workersOf } from './setting.js'
import { createCountingScheme } from './signatures.js'
import type { Batch } from './traffic.js'
import { createWays } from './ways.js'
import type { Happening, World } from './world.js'

/** One validator of the model: the real core, and around it the time that a node's work takes. */
export type Validator = {
  readonly start: () => void
  /** A message of consensus has come to the network interface. */
  readonly hear: (message: Incoming) => void
  /** A batch has come to the network interface in so many messages. */
  readonly take: (batch: Batch, bytes: number, messages: number) => void
  /** Its own mempool was drained. */
  readonly author: (batch: Batch) => void
  /** CPU time of the main thread and of the workers so far, µs. */
  readonly used: () => { readonly main: number; readonly workers: number }
}

/** A message from another validator. */
type Incoming = Extract<Happening, { kind: 'message' }>

/** Header of a block without its justification, and the digest of a batch. */
const headerBytes = 512
const digestBytes = 32
/** A record of the signer's memory. */
const recordBytes = 128
/** Views led in silence after which a leader is not waited for (L5). */
const knownSilence = 2
/** Fewest signatures that are worth a worker of their own. */
const signaturesPerWorker = 64

export function createValidator(world: World, machine: Machine, index: number): Validator {
  const { setting, committee, leaderOf, agenda, chain, ports, watch } = world
  const { costs, payload } = setting
  const signatures = createCountingScheme(setting.validators < blsFrom ? costs.ed25519 : costs.bls)
  const core = createCore({
    committee,
    scheme: signatures.scheme,
    leaderOf,
    start: chain.start,
    timing: setting.timing,
    signer: { index, sign: signatures.sign, memory: { floor: 0, records: [] } },
    certificates: [],
  })
  if (setting.deadAreKnown) for (const dead of setting.dead) core.missed[dead] = knownSilence
  const workers = Array.from({ length: workersOf(setting) }, createThread)
  const thread = createThread()
  const pool = createPool()
  let wakes = 0
  let nextWorker = 0

  const plan = (time: number, act: () => void): void => agenda.at(time, index, { kind: 'act', act })
  const outbox = createOutbox({
    plan: (delay, act) => plan(agenda.now() + delay, act),
    carryOut,
    bytesOf,
    syncTime: (bytes) => costs.sync + bytes * costs.writeByte,
  })
  const ways = createWays(world, index, (micros) => machine.work(thread, agenda.now(), micros))
  const execution = createExecution({
    chain,
    pool,
    index,
    micros: payload.execute,
    now: agenda.now,
    plan,
    run: (micros, done) => plan(machine.work(thread, agenda.now(), micros), done),
    final: (block, at) => watch.final(index, block, at),
  })

  /**
   * Steps the core as soon as the main thread has done everything that came before, and lets its effects out when that
   * is over. Nothing else depends on the end, so most messages need no plan of their own.
   */
  function handle(event: CoreEvent, readyAt: number, receiving: number): void {
    const start = Math.max(readyAt, thread.freeAt)
    const effects = step(core, event, Math.floor(start / 1000))
    const end = machine.work(thread, start, receiving + costs.step + signatures.spent())
    if (effects.length > 0) plan(end, () => outbox.add(effects))
  }

  const soon = (event: CoreEvent): void => handle(event, agenda.now(), 0)

  function bytesOf(effect: CoreEffect): number {
    if (effect.kind === 'store') return headerBytes + (chain.find(effect.blockId)?.bytes ?? 0)
    return effect.kind === 'keep' ? encodeCertificate(effect.certificate).length : recordBytes
  }

  function send(to: number | 'all', message: ConsensusMessage): void {
    const block = message.kind === 'proposal' ? chain.find(message.block.id) : undefined
    if (block !== undefined) watch.proposed(block, agenda.now())
    const payloadBytes = block === undefined ? 0 : headerBytes + digestBytes * block.batches.length
    ways.message(to, message, encodeMessage(message).length + payloadBytes)
  }

  function carryOut(effect: CoreEffect): void {
    if (effect.kind === 'send') send(effect.to, effect.message)
    else if (effect.kind === 'build') plan(1000 * effect.notBefore, () => build(effect))
    else if (effect.kind === 'check') check(effect.block)
    else if (effect.kind === 'final') execution.finalize(effect.blockId)
    else if (effect.kind === 'wake') {
      const number = ++wakes
      plan(1000 * effect.at, () => {
        if (number === wakes) soon({ kind: 'time' })
      })
    }
  }

  function build({ view, parent, justification }: Extract<CoreEffect, { kind: 'build' }>): void {
    execution.build(parent.id, (batches) => {
      const height = parent.height + 1
      const fields = {
        view,
        height,
        parentId: parent.id,
        parentView: parent.view,
        proposer: index,
        justification,
      }
      const block = chain.create(fields, batches)
      soon({ kind: 'built', block: block.ref })
      return block
    })
  }

  function check({
    id,
    view,
  }: {
    readonly id: Parameters<typeof chain.find>[0]
    readonly view: number
  }): void {
    execution.check(id, () => soon({ kind: 'checked', view, blockId: id, valid: true }))
  }

  /** Has the signatures of a batch checked by the workers; when they all are. */
  function verify(batch: Batch): number {
    const parts = Math.min(workers.length, Math.ceil(batch.count / signaturesPerWorker))
    const micros = (batch.count * payload.verify) / parts
    let end = agenda.now()
    for (let i = 0; i < parts; i++) {
      nextWorker = (nextWorker + 1) % workers.length
      end = Math.max(end, machine.work(workers[nextWorker]!, agenda.now(), micros))
    }
    return end
  }

  return {
    start() {
      soon({ kind: 'start' })
      soon({ kind: 'pending', pending: true })
    },
    hear({ event, bytes }) {
      const readyAt = ports[index]!.receive(agenda.now(), bytesOnWire(bytes))
      handle(event, readyAt, costs.receiveMessage + bytes * costs.receiveByte)
    },
    take(batch, bytes, messages) {
      const readyAt = ports[index]!.receive(agenda.now(), bytesOnWire(bytes))
      machine.work(thread, agenda.now(), messages * costs.receiveMessage + bytes * costs.receiveByte)
      pool.add(batch, Math.max(readyAt, verify(batch)))
    },
    author(batch) {
      // Each transaction was checked when it came, so the batch need not wait for that.
      verify(batch)
      pool.add(batch, agenda.now())
      ways.batch(batch)
    },
    used: () => ({ main: thread.used, workers: workers.reduce((sum, { used }) => sum + used, 0) }),
  }
}
