import { availableParallelism } from 'node:os'
import { flagForm, lifeOptions, optionTable as makeTable, optionRowsOf } from '@banyan/program/options'
import { z } from 'zod'

/** Options of a node, for the help of the command and the table in docs/node.md too. */

const port = z.int().min(0).max(65_535)
const positive = z.int().min(1)

export const runOptions = z.strictObject({
  genesis: z.string().default('genesis.json').meta({ path: true, description: 'Genesis file of the chain' }),
  keys: z
    .string()
    .default('keys.json')
    .meta({ path: true, description: 'File with the keys of this node, readable by its owner alone' }),
  folder: z.string().default('data').meta({ path: true, description: 'Folder of the data' }),
  role: z.enum(['validator', 'full', 'archive']).default('full').meta({
    description:
      'validator: votes where its key is in the committee; full: follows; archive: follows and keeps all blocks',
  }),
  history: z
    .enum(['recent', 'all'])
    .default('recent')
    .meta({ description: 'Blocks to keep: those since the oldest snapshot, or all. An archive keeps all' }),
  rpcHost: z.string().default('127.0.0.1').meta({ description: 'Address that serves the public APIs' }),
  rpcPort: port.default(8545).meta({ description: 'Port of the public APIs; 0 takes a free one' }),
  rpcNames: z
    .array(z.string())
    .default([])
    .meta({ description: 'Host names besides those of this machine by which clients may reach the APIs' }),
  rpcOrigins: z
    .array(z.string())
    .default([])
    .meta({ description: 'Origins of web pages besides those of this machine that may use the APIs' }),
  adminHost: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address that serves /metrics, /health and /ready' }),
  adminPort: port
    .default(9545)
    .meta({ description: 'Port of /metrics, /health and /ready; 0 takes a free one' }),
  adminNames: z
    .array(z.string())
    .default([])
    .meta({ description: 'Host names besides those of this machine by which that port may be asked' }),
  listen: z
    .array(z.string())
    .default(['/ip4/0.0.0.0/tcp/4100'])
    .meta({ description: 'Addresses for peers, as multiaddrs' }),
  peers: z
    .array(z.string())
    .default([])
    .meta({ description: 'Addresses of peers to stay connected with, as multiaddrs with their ids' }),
  threads: positive
    .max(64)
    .default(() => Math.min(availableParallelism(), 8))
    .meta({
      fallback: 'one for each processor, at most 8',
      description: 'Worker threads for signatures and contract calls',
    }),
  mempoolBytes: positive.default(128 * 2 ** 20).meta({ description: 'Most bytes of transactions that wait' }),
  mempoolPerSender: positive
    .default(10_000)
    .meta({ description: 'Most transactions of one sender that wait' }),
  mempoolBlocks: positive
    .default(1_000)
    .meta({ description: 'Blocks after which a waiting Ethereum transaction is dropped' }),
  batchInterval: positive.max(10_000).default(20).meta({ description: 'Time between two batches, ms' }),
  snapshotEvery: positive.default(1_000).meta({ description: 'Blocks between two snapshots of the state' }),
  snapshotLag: positive.default(10_000).meta({
    description:
      'Blocks that the node may be behind before it starts from the state of a peer; an archive never does',
  }),
  ...lifeOptions,
})

export type RunOptions = z.output<typeof runOptions>

export const optionRows = optionRowsOf(runOptions, 'BANYAN_')

/** The table of docs/node.md. */
export function optionTable(): string {
  return makeTable(optionRows, {
    file: ({ name }) => `\`${name}\``,
    flag: (row) => `\`${flagForm(row).replaceAll('|', '\\|')}\``,
    environment: ({ variable }) => `\`${variable}\``,
    default: ({ fallback }) => fallback || 'none',
    meaning: ({ description }) => description,
  })
}
