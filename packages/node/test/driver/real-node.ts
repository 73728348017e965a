import { toHex } from '@banyan/base'
import { describeBatch, finalView, readReceipt, stateView } from '@banyan/ledger'
import type { Pool } from '@banyan/ledger/threads'
import { createNetwork, type Network } from '@banyan/network'
import {
  type ChainStore,
  type ConsensusRules,
  createDriver,
  createEngine,
  createIntake,
  type Driver,
  type Engine,
  type FinalBlock,
  Mempool,
  openChainStore,
} from '@banyan/node'
import { openNodeDisk } from '@banyan/storage/node'
import { chainOptions, provider, validatorKeys } from '../engine/people.js'

/** A node of real parts in this process: a folder, sockets on loopback, worker threads, the clock. */
export type RealNode = {
  readonly network: Network
  readonly engine: Engine
  readonly finals: FinalBlock[]
  /** Ids of transactions that succeeded in final blocks, in their order. */
  readonly included: string[]
  readonly submit: ReturnType<typeof createIntake>
  readonly failures: unknown[]
  readonly stop: () => Promise<void>
}

export type RealNodeOptions = {
  readonly index: number
  readonly folder: string
  readonly rules: ConsensusRules
  readonly pool: Pool
}

export async function startRealNode({ index, folder, rules, pool }: RealNodeOptions): Promise<RealNode> {
  const options = chainOptions(rules)
  const store: ChainStore = await openChainStore({
    disk: await openNodeDisk(folder),
    chainOptions: options,
    snapshotEvery: 1000,
    keepSnapshots: 2,
    history: 'all',
    segmentBytes: 2 ** 24,
  })
  const { genesisId, domains } = store.chain
  const finals: FinalBlock[] = []
  const included: string[] = []
  const failures: unknown[] = []
  const start = Date.now() - performance.now()
  let engine: Engine
  let driver: Driver
  const network = await createNetwork(
    {
      seed: new Uint8Array(32).fill(index + 1),
      genesis: genesisId,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      random: Math.random,
    },
    {
      onMessage: (peer, _channel, bytes) => driver.give({ kind: 'message', peer, bytes }),
      onRequest: (peer, bytes, signal) => driver.answer(peer, bytes, signal),
      onConnected: (peer) => driver.give({ kind: 'connected', peer }),
      onDisconnected: (peer) => driver.give({ kind: 'disconnected', peer }),
    },
  )
  const final = () => finalView(engine.view().chain.state)
  const mempool = new Mempool(
    { maxBytes: 2 ** 26, maxPerSender: 10_000, waitBlocks: 200 },
    {
      balanceOf: (account) => final().account(account)?.balance ?? 0n,
      nonceOf: (account) => final().account(account)?.nonce ?? 0n,
    },
  )
  engine = createEngine({
    chain: store.chain,
    rules,
    peerId: network.id,
    signer: validatorKeys(index),
    recovered: store,
    mempool,
    batchInterval: 10,
    snapshotLag: 1000,
  })
  driver = createDriver({
    engine,
    store,
    network: () => network,
    chainOptions: options,
    verify: (batch) => pool.verify(domains, batch),
    describe: (batch) => describeBatch(provider, domains, batch),
    now: () => start + performance.now(),
    onFinal: (block) => {
      finals.push(block)
      const { receipts, header } = block.executed
      for (let i = 0; i < header.transactionCount; i++) {
        const { id, status } = readReceipt(receipts, i)
        if (status === 'success') included.push(toHex(id))
      }
    },
    onEvidence: () => failures.push('evidence'),
    onFailure: (error) => failures.push(error),
  })
  const submit = createIntake({
    chain: () => engine.view().chain,
    mempool,
    verify: (batch) => pool.verify(domains, batch),
    onAdded: () => driver.give({ kind: 'waiting' }),
    onRefused: () => undefined,
  })
  driver.give({ kind: 'start' })
  const stop = async (): Promise<void> => {
    await network.close()
    await driver.stop()
    await store.close()
  }
  return { network, engine, finals, included, submit, failures, stop }
}

/** Balance of an account as the node's newest executed block left it. */
export function balanceAt(
  { engine }: RealNode,
  account: Parameters<ReturnType<typeof stateView>['account']>[0],
) {
  return stateView(engine.view().chain.state).account(account)?.balance ?? 0n
}
