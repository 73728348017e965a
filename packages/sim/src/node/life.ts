import { fail, toHex } from '@banyan/base'
import {
  type Batch,
  blockId,
  type Chain,
  type DescribedBatch,
  describeBatch,
  finalView,
  findInvalidSignature,
} from '@banyan/ledger'
import {
  type ChainStore,
  createDriver,
  createEngine,
  createIntake,
  type Engine,
  type Intake,
  type Journal,
  Mempool,
  type NodeSigner,
  openChainStore,
  openJournal,
  openNodeSigner,
} from '@banyan/node'
import type { Disk } from '@banyan/storage'
import type { NodeClock } from '../world/clock.js'
import type { MachineOptions, MachineWitness } from './machine.js'
import { chainOptions, validatorKeys } from './people.js'
import { provider } from './remembered-crypto.js'
import { peerName } from './wire.js'

/** A running node: what `openNode` joins, over simulated parts. */
export type Life = {
  readonly store: ChainStore
  readonly engine: Engine
  readonly mempool: Mempool
  readonly submit: Intake['submit']
}

export type Surroundings = {
  readonly disks: { readonly chain: Disk; readonly signer: Disk; readonly journal: Disk }
  readonly clock: NodeClock
  /** Calls back unless the process is gone by then. */
  readonly after: (delay: number, act: () => void) => void
  /** Acts unless the process is gone. */
  readonly act: (action: () => void) => void
  readonly isAlive: () => boolean
  readonly onFailure: (error: unknown) => void
}

const mempoolLimits = { maxBytes: 2 ** 22, maxPerSender: 1_000, waitBlocks: 40 }

/** Opens the folders, restores what waited, and starts the node; nothing if the process is gone meanwhile. */
export async function openLife(options: MachineOptions, around: Surroundings): Promise<Life | undefined> {
  const { number, rules, genesisId, witness } = options
  const store = await openChainStore({
    disk: around.disks.chain,
    chainOptions: chainOptions(rules),
    snapshotEvery: options.snapshotEvery,
    keepSnapshots: 2,
    history: options.history,
    repair: true,
    segmentBytes: 2 ** 20,
  })
  const keys = options.isValidator ? validatorKeys(number) : undefined
  const signer =
    keys &&
    (await openNodeSigner({
      disk: around.disks.signer,
      provider,
      genesisId,
      ed25519Key: keys.ed25519Key,
      isNew: false,
    }))
  let engine: Engine | undefined
  const chain = (): Chain => engine?.view().chain ?? store.chain
  const waiting = await openWaiting(options, around, store, chain, () => driver.give({ kind: 'waiting' }))
  if (!around.isAlive()) return undefined
  witness.recovered(store, signer)
  engine = createEngine({
    chain: store.chain,
    rules,
    versions: options.versions(),
    peerId: peerName(number),
    signer: keys,
    recovered: { ...store, memory: signer?.memory },
    mempool: waiting.mempool,
    elect: options.elect,
    batchInterval: 20,
    snapshotLag: options.snapshotLag,
  })
  const now = (): number => around.clock.local(options.schedule.now())
  const driver = createDriver({
    engine,
    store: watchedStore(store, witness),
    signer: signer && watchedSigner(signer, witness),
    network: () => network,
    chainOptions: chainOptions(rules),
    verify: waiting.verify,
    describe: (batch) => describeBatch(provider, store.chain.domains, batch),
    now,
    after(delay, act) {
      let isWanted = true
      const moment = around.clock.moment(now() + delay)
      around.after(Math.max(0, moment - options.schedule.now()), () => {
        if (isWanted) act()
      })
      return () => {
        isWanted = false
      }
    },
    onFinal: witness.final,
    onEvidence: witness.evidence,
    onFailure: around.onFailure,
  })
  /** How often each peer has connected, and which time the process knows of: it may have stood still meanwhile. */
  const connections = new Map<string, number>()
  const known = new Map<string, number>()
  const port = options.attach({
    onMessage: (peer, _, bytes) => around.act(() => driver.give({ kind: 'message', peer, bytes })),
    onRequest: (peer, bytes, signal) => driver.answer(peer, bytes, signal),
    onConnected(peer) {
      const number = (connections.get(peer) ?? 0) + 1
      connections.set(peer, number)
      around.act(() => {
        known.set(peer, number)
        driver.give({ kind: 'connected', peer })
      })
    },
    onDisconnected: (peer) => around.act(() => driver.give({ kind: 'disconnected', peer })),
  })
  const network: typeof port = {
    ...port,
    // What answers a connection that is over does not reach the next one.
    send: (peer, channel, bytes) => {
      if (known.get(peer) === connections.get(peer)) port.send(peer, channel, bytes)
    },
  }
  driver.give({ kind: 'start' })
  return { store, engine, mempool: waiting.mempool, submit: waiting.submit }
}

/** The mempool with what its journal holds; `verify` stands for the threads that check signatures. */
async function openWaiting(
  options: MachineOptions,
  around: Surroundings,
  store: ChainStore,
  chain: () => Chain,
  onAdded: () => void,
) {
  const state = () => finalView(chain().state)
  const mempool = new Mempool(mempoolLimits, {
    balanceOf: (account) => state().account(account)?.balance ?? 0n,
    nonceOf: (account) => state().account(account)?.nonce ?? 0n,
  })
  const { genesisId } = options
  const journal: Journal = await openJournal({
    disk: around.disks.journal,
    provider,
    genesisId,
    held: () => mempool.envelopes(),
  })
  const verify = async (batch: Batch): Promise<DescribedBatch> => {
    await new Promise<void>((resolve) => around.after(options.checkDelay(), resolve))
    return checkBatch(store, batch)
  }
  const { submit, restore } = createIntake({
    chain,
    mempool,
    verify,
    onAdded,
    onRefused: () => undefined,
    keep: journal.add,
    onFailure: around.onFailure,
  })
  for await (const envelopes of journal.found()) await restore(envelopes)
  return { mempool, submit, verify }
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
