import type { Hash } from '@banyan/base'
import type { Evidence, SignerRecord } from '@banyan/consensus'
import type { NetworkHandlers, Network as NodeNetwork } from '@banyan/network'
import {
  type ChainStore,
  type ConsensusRules,
  type EngineOptions,
  type EngineView,
  type FinalBlock,
  type Mempool,
  type NodeSigner,
  openNodeSigner,
  type ProgramVersions,
} from '@banyan/node'
import type { Disk } from '@banyan/storage'
import { createSimulatedDisk, type Outcome, type SimulatedDisk } from '@banyan/storage/simulated'
import type { NodeClock } from '../world/clock.js'
import type { Schedule } from '../world/schedule.js'
import { type Life, openLife } from './life.js'
import { validatorKeys } from './people.js'
import { provider } from './remembered-crypto.js'
import { slowDisk } from './slow-disk.js'

/** A computer with a whole node on it: all of the product but sockets, threads, the index and the public APIs. */
export type Machine = {
  readonly number: number
  readonly disk: () => SimulatedDisk
  readonly journalDisk: SimulatedDisk
  readonly signerDisk: () => SimulatedDisk
  /** Makes the memory of a validator's key, which its owner does once, before anything can happen. */
  readonly prepare: () => Promise<void>
  /** Starts the process, unless it runs. */
  readonly start: () => void
  /** The process dies; with an outcome the power goes too, and what was not synced fares as that says. */
  readonly crash: (outcome: Outcome | undefined) => void
  /** The process stands still, and does on `resume` what it has missed. */
  readonly pause: () => void
  readonly resume: () => void
  readonly isUp: () => boolean
  /** What can be seen of a node that is up. */
  readonly view: () => EngineView
  readonly mempool: () => Mempool
  /** Takes transactions in, as the public API does; whether each was taken. Nothing where it is down. */
  readonly submit: (envelopes: readonly Uint8Array[]) => Promise<readonly boolean[]>
  /** Somebody replaces the folder of the chain by an empty one. */
  readonly replaceFolder: () => void
  /** The folder of the signer's memory is gone. */
  readonly loseSigner: () => void
}

/** What the rest of the world learns from a machine. */
export type MachineWitness = {
  readonly recovered: (store: ChainStore, signer: NodeSigner | undefined) => void
  readonly stored: (id: string) => void
  readonly kept: (epoch: number, view: number) => void
  readonly persisted: (record: SignerRecord) => void
  readonly final: (final: FinalBlock) => void
  readonly evidence: (evidence: Evidence, epoch: number) => void
  /** It refuses to start, or stops, for this reason. */
  readonly stopped: (error: unknown, when: 'opening' | 'running') => void
}

export type MachineOptions = {
  readonly number: number
  readonly rules: ConsensusRules
  /** The program that the next start runs. */
  readonly versions: () => ProgramVersions
  readonly genesisId: Hash
  readonly isValidator: boolean
  readonly elect: EngineOptions['elect'] & {}
  readonly schedule: Schedule
  readonly clock: () => NodeClock
  /** Time that the next operation of the disk takes, ms. */
  readonly diskDelay: (operation: 'write' | 'sync') => number
  /** Time that checking the next batch takes, ms. */
  readonly checkDelay: () => number
  readonly snapshotEvery: number
  readonly snapshotLag: number
  readonly history: 'all' | 'recent'
  readonly attach: (handlers: NetworkHandlers) => NodeNetwork
  readonly detach: () => void
  readonly witness: MachineWitness
}

export function createMachine(options: MachineOptions): Machine {
  const { number, schedule, witness } = options
  let disk = createSimulatedDisk()
  let signerDisk = createSimulatedDisk()
  const journalDisk = createSimulatedDisk()
  /** Grows with every start and every crash: what belongs to an earlier process is without effect. */
  let life = 0
  let state: Life | 'opening' | 'down' = 'down'
  let clock = options.clock()
  let missed: (() => void)[] | undefined

  /** Acts now, or when the pause is over; never for a process that is gone. */
  const actIn = (born: number, action: () => void): void => {
    if (born !== life) return
    if (missed !== undefined) missed.push(action)
    else action()
  }

  const after = (born: number, delay: number, action: () => void): void =>
    schedule.at(schedule.now() + delay, () => actIn(born, action))

  const wait = (delay: number): Promise<void> =>
    new Promise((resolve) => (delay === 0 ? resolve() : schedule.at(schedule.now() + delay, resolve)))

  const slow = async (medium: SimulatedDisk) =>
    slowDisk(await medium.open(), (operation) => wait(options.diskDelay(operation)))

  const end = (): void => {
    life++
    state = 'down'
    missed = undefined
    for (const medium of [disk, signerDisk, journalDisk]) medium.kill()
    options.detach()
  }

  const stop = (error: unknown, when: 'opening' | 'running', born: number): void => {
    if (born !== life) return
    end()
    witness.stopped(error, when)
  }

  async function open(born: number): Promise<void> {
    const opening: Disk[] = []
    for (const medium of [disk, signerDisk, journalDisk]) {
      // A process that is gone must not take a folder that the next one needs.
      if (born !== life) return
      opening.push(await slow(medium))
    }
    const [chain, signer, journal] = opening as [Disk, Disk, Disk]
    const disks = { chain, signer, journal }
    const opened = await openLife(options, {
      disks,
      clock,
      after: (delay, act) => after(born, delay, act),
      act: (action) => actIn(born, action),
      isAlive: () => born === life,
      onFailure: (error) => stop(error, 'running', born),
    })
    if (opened !== undefined && born === life) state = opened
  }

  const running = (): Life => {
    if (typeof state === 'string') throw new Error(`node ${number} is ${state}`)
    return state
  }

  return {
    number,
    disk: () => disk,
    journalDisk,
    signerDisk: () => signerDisk,
    async prepare() {
      if (!options.isValidator) return
      const { ed25519Key } = validatorKeys(number)
      const { genesisId } = options
      const medium = await signerDisk.open()
      const signer = await openNodeSigner({ disk: medium, provider, genesisId, ed25519Key, isNew: true })
      await signer.close()
    },
    start() {
      if (state !== 'down') return
      state = 'opening'
      clock = options.clock()
      const born = ++life
      open(born).catch((error: unknown) => stop(error, 'opening', born))
    },
    crash(outcome) {
      end()
      if (outcome === undefined) return
      for (const medium of [disk, signerDisk, journalDisk]) medium.powerLoss(outcome)
    },
    pause() {
      if (typeof state === 'object') missed ??= []
    },
    resume() {
      const actions = missed ?? []
      missed = undefined
      for (const action of actions) action()
    },
    isUp: () => typeof state === 'object' && missed === undefined,
    view: () => running().engine.view(),
    mempool: () => running().mempool,
    async submit(envelopes) {
      if (typeof state === 'string' || missed !== undefined) return []
      const outcomes = await state.submit(envelopes)
      return outcomes.map(({ id }) => id !== undefined)
    },
    replaceFolder() {
      disk = createSimulatedDisk()
    },
    loseSigner() {
      signerDisk = createSimulatedDisk()
    },
  }
}
