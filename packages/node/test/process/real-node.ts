import { join } from 'node:path'
import { toHex } from '@banyan/base'
import type { Genesis } from '@banyan/ledger'
import type { Pool } from '@banyan/ledger/threads'
import { type ConsensusRules, openNode, type RunningNode, type SignerKeys } from '@banyan/node'
import { type ApiServer, createApiServer } from '@banyan/node/api'
import { chainOptions, validatorKeys } from '../engine/people.js'

/** A node of real parts in this process: folders, sockets on loopback, worker threads, the clock, its APIs. */
export type RealNode = RunningNode & {
  /** Address of its JSON-RPC. */
  readonly rpc: string
  /** Final heights and ids, in the order in which clients are told. */
  readonly told: { readonly height: number; readonly id: string }[]
  readonly failures: unknown[]
}

export type RealNodeOptions = {
  readonly index: number
  readonly folder: string
  readonly rules: ConsensusRules
  readonly pool: Pool
  readonly peers: readonly string[]
  /** Whether the validator's key is used for the first time; absent for a node that only follows. */
  readonly isNew?: boolean
  readonly snapshotEvery?: number
  readonly snapshotLag?: number
  /** Instead of those that go with the index. */
  readonly keys?: SignerKeys
  /** What differs from the usual genesis. */
  readonly genesis?: Partial<Genesis>
}

export async function startRealNode(options: RealNodeOptions): Promise<RealNode> {
  const { index, folder, rules, pool, peers, isNew, keys = validatorKeys(index), genesis } = options
  const failures: unknown[] = []
  const node = await openNode({
    folder: join(folder, `node-${index}`),
    chainOptions: chainOptions(rules, genesis),
    rules,
    pool,
    network: {
      seed: new Uint8Array(32).fill(index + 1),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      random: Math.random,
    },
    peers,
    ...(isNew === undefined ? {} : { validator: { keys, isNew } }),
    mempool: { maxBytes: 2 ** 26, maxPerSender: 10_000, waitBlocks: 200 },
    batchInterval: 10,
    snapshotEvery: options.snapshotEvery ?? 1_000,
    snapshotLag: options.snapshotLag ?? 10_000,
    history: 'all',
    version: '0.1.0',
    onEvidence: () => failures.push('evidence'),
    onRefused: () => undefined,
    onSync: () => undefined,
    onFailure: (error) => failures.push(error),
  })
  const told: { height: number; id: string }[] = []
  node.api.onFinal(({ header, id }) => told.push({ height: header.height, id: toHex(id) }))
  const server: ApiServer = createApiServer({ node: node.api })
  const port = await server.listen(0, '127.0.0.1')
  const stop = async (): Promise<void> => {
    await server.close()
    await node.stop()
  }
  return { ...node, rpc: `http://127.0.0.1:${port}`, told, failures, stop }
}
