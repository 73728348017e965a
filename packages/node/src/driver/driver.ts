import { BanyanError } from '@banyan/base'
import type { Evidence } from '@banyan/consensus'
import type { Batch, ChainOptions, DescribedBatch } from '@banyan/ledger'
import type { Network, PeerId } from '@banyan/network'
import type { Engine } from '../engine/engine.js'
import type { EngineEffect, EngineEvent, FinalBlock } from '../engine/events.js'
import { waitsForDisk, writesToDisk } from '../engine/events.js'
import type { NodeSigner } from '../store/signer.js'
import type { ChainStore } from '../store/store.js'
import { createAnswers } from './answers.js'
import { ask, restore } from './asking.js'
import { createOutbox } from './outbox.js'

/** What an engine's effects act on. */
export type DriverParts = {
  readonly engine: Engine
  readonly store: ChainStore
  /** Absent for a node that only follows. */
  readonly signer: NodeSigner | undefined
  /** Asked for when it is needed: the network's handlers give events to the driver, so the driver comes first. */
  readonly network: () => Network
  readonly chainOptions: ChainOptions
  /** Describes a batch and checks its signatures on other threads. Rejects if one does not hold. */
  readonly verify: (batch: Batch) => Promise<DescribedBatch>
  /** Describes a batch of which the signatures are known to hold. */
  readonly describe: (batch: Batch) => DescribedBatch
  /** Milliseconds that never go back. */
  readonly now: () => number
  /** Calls back once, after so many milliseconds; returns what prevents it. */
  readonly after: (delay: number, act: () => void) => () => void
  readonly onFinal: (final: FinalBlock) => void
  /** A validator broke a rule in this epoch. */
  readonly onEvidence: (evidence: Evidence, epoch: number) => void
  /** The node cannot go on, because the disk failed or an invariant broke. Nothing is done any more. */
  readonly onFailure: (error: unknown) => void
}

/** Runs an engine on a disk, sockets, threads and a clock, which may all be simulated. */
export type Driver = {
  readonly give: (event: EngineEvent) => void
  /** The answer to a request of a peer, part by part. */
  readonly answer: (peer: PeerId, request: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>
  /** Takes no more events; resolves when everything begun is durable. Rejects with the failure of the disk. */
  readonly stop: () => Promise<void>
}

type WriteEffect = Extract<
  EngineEffect,
  { kind: 'store' | 'keep' | 'vote' | 'restartSigner' | 'finalize' | 'endEpoch' }
>

export function createDriver(parts: DriverParts): Driver {
  const { engine, store, now } = parts
  const events: EngineEvent[] = []
  let cancelWake = (): void => undefined
  let isStepping = false
  let isStopped = false

  const fail = (error: unknown): void => {
    isStopped = true
    cancelWake()
    answers.close()
    parts.onFailure(error)
  }
  const outbox = createOutbox(fail)
  const answers = createAnswers(store)

  /** Steps the engine; what its effects bring about at once waits for its turn. */
  const give = (event: EngineEvent): void => {
    events.push(event)
    if (isStepping) return
    isStepping = true
    try {
      for (let next = events.shift(); next !== undefined && !isStopped; next = events.shift()) {
        for (const effect of engine.step(next, now())) arrange(effect)
      }
    } catch (error) {
      fail(error)
    } finally {
      isStepping = false
    }
  }

  /** Timers may fire a little early by this clock; the engine names a moment once and must not be asked before it. */
  const wakeAt = (at: number): void => {
    cancelWake()
    cancelWake = parts.after(Math.max(0, Math.ceil(at - now())), () =>
      now() < at ? wakeAt(at) : give({ kind: 'time' }),
    )
  }

  const arrange = (effect: EngineEffect): void => {
    if (isWrite(effect)) {
      const start = () => write(parts, effect)
      if (waitsForDisk(effect)) outbox.vote(start)
      else outbox.write(start)
    } else if (waitsForDisk(effect)) outbox.afterWrites(() => carryOut(effect))
    else carryOut(effect)
  }

  const carryOut = (effect: Exclude<EngineEffect, WriteEffect>): void => {
    switch (effect.kind) {
      case 'send':
      case 'spread':
        for (const peer of effect.peers) parts.network().send(peer, effect.channel, effect.bytes)
        break
      case 'judge':
        parts.network().judge(effect.peer, effect.verdict)
        break
      case 'verify':
        verify(effect)
        break
      case 'request':
        void ask(parts.network(), effect).then((answer) =>
          give({ kind: 'answer', job: effect.job, parts: answer }),
        )
        break
      case 'restore':
        void restore(parts.network(), store, parts.chainOptions, effect).then((chain) =>
          give({ kind: 'restored', job: effect.job, chain }),
        )
        break
      case 'forgetVotes':
        parts.signer?.forget(effect.floor).catch(fail)
        break
      case 'forgetKept':
        store.forgetKept(effect.epoch, effect.view).catch(fail)
        break
      case 'wake':
        wakeAt(effect.at)
        break
      case 'final':
        parts.onFinal(effect.final)
        break
      case 'evidence':
        parts.onEvidence(effect.evidence, effect.epoch)
        break
      default:
        answers.give(effect)
    }
  }

  const verify = ({ job, batch, trusted }: Extract<EngineEffect, { kind: 'verify' }>): void => {
    const described = async (): Promise<DescribedBatch> =>
      trusted ? parts.describe(batch) : parts.verify(batch)
    described().then(
      (result) => give({ kind: 'verified', job, described: result }),
      (error: unknown) => {
        // Nobody's batch is at fault where the threads are gone.
        if (error instanceof BanyanError && error.kind === 'WorkerFailed') fail(error)
        else give({ kind: 'verified', job, described: undefined })
      },
    )
  }

  async function* answer(peer: PeerId, bytes: Uint8Array, signal: AbortSignal): AsyncIterable<Uint8Array> {
    if (isStopped) return
    const { token, parts: found } = answers.open(signal)
    give({ kind: 'request', peer, token, bytes })
    yield* found
  }

  const stop = async (): Promise<void> => {
    isStopped = true
    cancelWake()
    answers.close()
    await outbox.drained()
  }

  return { give, answer, stop }
}

function isWrite(effect: EngineEffect): effect is WriteEffect {
  return writesToDisk(effect)
}

async function write({ store, signer }: DriverParts, effect: WriteEffect): Promise<void> {
  switch (effect.kind) {
    case 'store':
      return store.append(effect.block, effect.vote)
    case 'keep':
      return store.keep(effect)
    case 'vote':
      return signer?.vote(effect.record)
    case 'restartSigner':
      return signer?.restart(effect.floor)
    case 'finalize':
      return store.finalize(effect.height, effect.id, effect.proof)
    case 'endEpoch':
      return store.endEpoch(effect.record)
  }
}
