import { fail, type Hash, toHex } from '@banyan/base'
import type { Evidence, SignerRecord } from '@banyan/consensus'
import {
  type Batch,
  blockId,
  type DescribedBatch,
  describeBatch,
  finalView,
  findInvalidSignature,
} from '@banyan/ledger'
import type { NetworkHandlers, Network as NodeNetwork } from '@banyan/network'
import {
  type ChainStore,
  type ConsensusRules,
  createDriver,
  createEngine,
  createIntake,
  type Driver,
  type Engine,
  type EngineOptions,
  type EngineView,
  type FinalBlock,
  Mempool,
  type NodeSigner,
  openChainStore,
  openNodeSigner,
} from '@banyan/node'
import type { Disk } from '@banyan/storage'
import { createSimulatedDisk, type Outcome, type SimulatedDisk } from '@banyan/storage/simulated'
import type { NodeClock } from '../world/clock.js'
import type { Schedule } from '../world/schedule.js'
import { chainOptions, validatorKeys } from './people.js'
import { provider } from './remembered-crypto.js'
import { slowDisk } from './slow-disk.js'
import { peerName } from './wire.js'

/** A computer with a whole node on it: all of the product but sockets, threads, the index and the public APIs. */
export type Machine = {
  readonly number: number
  readonly disk: () => SimulatedDisk
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
  /** How often it was started and stopped. */
  readonly starts: () => number
  /** What can be seen of a node that is up. */
  readonly view: () => EngineView
  readonly mempool: () => Mempool
  readonly store: () => ChainStore
  /** Takes transactions in, as the public API does; whether each was taken. Nothing where it is down. */
  readonly submit: (envelopes: readonly Uint8Array[]) => Promise<readonly boolean[]>
  /** Somebody replaces the folder of the chain by an empty one. */
  readonly replaceFolder: () => void
  /** The folder of the signer's memory is gone. */
  readonly loseSigner: () => void
  /** Whether the newest start found no memory of the signer. */
  readonly hasLostMemory: () => boolean
}

/** What the rest of the world learns from a machine. */
export type MachineWitness = {
  readonly recovered: (store: ChainStore, signer: NodeSigner | undefined) => void
  readonly stored: (id: string) => void
  readonly kept: (epoch: number, view: number) => void
  readonly persisted: (record: SignerRecord) => void
  readonly final: (final: FinalBlock) => void
  readonly evidence: (evidence: Evidence, view: EngineView) => void
  /** It refuses to start, or stops, for this reason. */
  readonly stopped: (error: unknown, when: 'opening' | 'running') => void
}

export type MachineOptions = {
  readonly number: number
  readonly rules: ConsensusRules
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

/** All of a running node. */
type Life = {
  readonly store: ChainStore
  readonly engine: Engine
  readonly driver: Driver
  readonly mempool: Mempool
  readonly submit: ReturnType<typeof createIntake>
}

const mempoolLimits = { maxBytes: 2 ** 22, maxPerSender: 1_000, waitBlocks: 40 }

export function createMachine(options: MachineOptions): Machine {
  const { number, rules, schedule, witness } = options
  let disk = createSimulatedDisk()
  let signerDisk = createSimulatedDisk()
  let hasLostMemory = false
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
    disk.kill()
    signerDisk.kill()
    options.detach()
  }

  const stop = (error: unknown, when: 'opening' | 'running', born: number): void => {
    if (born !== life) return
    end()
    witness.stopped(error, when)
  }

  const openSigner = (signerFolder: Disk, ed25519Key: Uint8Array, isNew: boolean): Promise<NodeSigner> =>
    openNodeSigner({ disk: signerFolder, provider, genesisId: options.genesisId, ed25519Key, isNew })

  async function open(born: number): Promise<void> {
    const store = await openChainStore({
      disk: await slow(disk),
      chainOptions: chainOptions(rules),
      snapshotEvery: options.snapshotEvery,
      keepSnapshots: 2,
      history: options.history,
      repair: true,
      segmentBytes: 2 ** 20,
    })
    const keys = options.isValidator ? validatorKeys(number) : undefined
    const signer = keys && (await openSigner(await slow(signerDisk), keys.ed25519Key, false))
    if (born !== life) return
    hasLostMemory = signer?.memory === undefined
    witness.recovered(store, signer)
    state = run(born, store, signer, keys)
  }

  function run(
    born: number,
    store: ChainStore,
    signer: NodeSigner | undefined,
    keys: EngineOptions['signer'],
  ): Life {
    const engineChain = () => engine.view().chain
    const finalState = () => finalView(engineChain().state)
    const mempool = new Mempool(mempoolLimits, {
      balanceOf: (account) => finalState().account(account)?.balance ?? 0n,
      nonceOf: (account) => finalState().account(account)?.nonce ?? 0n,
    })
    const engine: Engine = createEngine({
      chain: store.chain,
      rules,
      peerId: peerName(number),
      signer: keys,
      recovered: { ...store, memory: signer?.memory },
      mempool,
      elect: options.elect,
      batchInterval: 20,
      snapshotLag: options.snapshotLag,
    })
    const verify = async (batch: Batch): Promise<DescribedBatch> => {
      await new Promise<void>((resolve) => after(born, options.checkDelay(), resolve))
      return checkBatch(store, batch)
    }
    const driver = createDriver({
      engine,
      store: watchedStore(store, witness),
      signer: signer && watchedSigner(signer, witness),
      network: () => network,
      chainOptions: chainOptions(rules),
      verify,
      describe: (batch) => describeBatch(provider, store.chain.domains, batch),
      now: () => clock.local(schedule.now()),
      after(delay, act) {
        let isWanted = true
        const local = clock.local(schedule.now()) + delay
        after(born, Math.max(0, clock.moment(local) - schedule.now()), () => {
          if (isWanted) act()
        })
        return () => {
          isWanted = false
        }
      },
      onFinal: witness.final,
      onEvidence: (evidence) => witness.evidence(evidence, engine.view()),
      onFailure: (error) => stop(error, 'running', born),
    })
    const network = options.attach({
      onMessage: (peer, _, bytes) => actIn(born, () => driver.give({ kind: 'message', peer, bytes })),
      onRequest: (peer, bytes, signal) => driver.answer(peer, bytes, signal),
      onConnected: (peer) => actIn(born, () => driver.give({ kind: 'connected', peer })),
      onDisconnected: (peer) => actIn(born, () => driver.give({ kind: 'disconnected', peer })),
    })
    const submit = createIntake({
      chain: engineChain,
      mempool,
      verify,
      onAdded: () => driver.give({ kind: 'waiting' }),
      onRefused: () => undefined,
    })
    driver.give({ kind: 'start' })
    return { store, engine, driver, mempool, submit }
  }

  const running = (): Life => {
    if (typeof state === 'string') throw new Error(`node ${number} is ${state}`)
    return state
  }

  return {
    number,
    disk: () => disk,
    signerDisk: () => signerDisk,
    async prepare() {
      if (!options.isValidator) return
      const signer = await openSigner(await signerDisk.open(), validatorKeys(number).ed25519Key, true)
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
      disk.powerLoss(outcome)
      signerDisk.powerLoss(outcome)
    },
    pause() {
      if (typeof state === 'object') missed ??= []
    },
    resume() {
      const actions = missed ?? []
      missed = undefined
      for (const action of actions) action()
    },
    starts: () => life,
    isUp: () => typeof state === 'object' && missed === undefined,
    view: () => running().engine.view(),
    mempool: () => running().mempool,
    store: () => running().store,
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
    hasLostMemory: () => hasLostMemory,
  }
}

function checkBatch({ chain }: ChainStore, batch: Batch): DescribedBatch {
  const described = describeBatch(provider, chain.domains, batch)
  if (findInvalidSignature(provider, described) >= 0) fail('SignatureInvalid')
  return described
}

/** Tells the witness what has become durable. */
function watchedStore(store: ChainStore, witness: MachineWitness): ChainStore {
  return {
    ...store,
    get chain() {
      return store.chain
    },
    append: async (block, vote) => {
      await store.append(block, vote)
      witness.stored(toHex(blockId(block.header)))
    },
    keep: async (certificate) => {
      await store.keep(certificate)
      witness.kept(certificate.epoch, certificate.view)
    },
  }
}

function watchedSigner(signer: NodeSigner, witness: MachineWitness): NodeSigner {
  return {
    ...signer,
    vote: async (record) => {
      await signer.vote(record)
      witness.persisted(record)
    },
  }
}
