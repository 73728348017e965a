import { asHash, fail, toHex } from '@banyan/base'
import { encodeHeader } from '@banyan/ledger'
import { joinRecords } from '@banyan/light'
import { z } from 'zod'
import type { BlockRecord } from '../history.js'
import { parseData } from '../json-rpc/quantities.js'
import type { NodeApi } from '../port.js'
import { blockForm, blockJson } from './block-form.js'
import { streamBlocks } from './events.js'
import * as F from './forms.js'
import { type Route, route, type Scope } from './route.js'
import { prove } from './state-routes.js'

const none = z.object({})
const json = (schema: z.ZodType) => ({ kind: 'json', schema }) as const
const byBlock = z.object({ block: F.blockIn })

const statusForm = z.object({
  chainId: F.amount,
  genesisId: F.hash,
  version: z.string(),
  height: F.height,
  blockId: F.hash,
  timestamp: F.amount.meta({ description: 'Milliseconds since the Unix epoch' }),
  peers: F.count,
  syncing: z.object({ target: F.height }).nullable(),
  ready: z.boolean(),
  oldest: F.height.meta({ description: 'Oldest block that the node keeps' }),
})

const validatorsForm = z.object({
  epoch: F.count,
  validators: z.array(z.object({ address: F.address, publicKey: F.bytes, weight: F.amount })),
})

const idsForm = z.object({ ids: z.array(F.hash), next: F.count.nullable() })

/** Error: BlockUnknown. */
export async function blockOf(node: NodeApi, block: string): Promise<BlockRecord> {
  const found =
    block === 'latest'
      ? node.head()
      : block.startsWith('0x')
        ? await node.history.blockById(asHash(new Uint8Array(parseData(block)!)))
        : await node.history.blockAt(Number(block))
  return found ?? fail('BlockUnknown', { block })
}

async function heightOf({ node }: Scope, block: string): Promise<number> {
  return (await blockOf(node, block)).header.height
}

const maxPage = 10_000
/** Records of epochs in an answer: those that fit these bytes, but one in any case. */
const maxEpochs = 64
const maxEpochBytes = 2 ** 20
const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0)

const page = z.object({
  from: F.heightIn.optional(),
  limit: F.heightIn.refine((value) => value >= 1 && value <= maxPage, `from 1 to ${maxPage}`).optional(),
})

/** The chain and its blocks. */
export const chainRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/status',
    id: 'getStatus',
    summary: 'The chain, its newest final block, and the state of the node.',
    params: none,
    query: none,
    answer: json(statusForm),
    run: async ({ node }) => {
      const { chainId, genesisId, version } = node.identity
      const { header, id } = node.head()
      const { peers, syncing, ready } = node.status()
      return {
        chainId: String(chainId),
        genesisId: toHex(genesisId),
        version,
        height: header.height,
        blockId: toHex(id),
        timestamp: String(header.timestamp),
        peers,
        syncing: syncing ?? null,
        ready,
        oldest: node.history.oldest(),
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/validators',
    id: 'getValidators',
    summary: 'The validators of the current epoch.',
    params: none,
    query: none,
    answer: json(validatorsForm),
    run: async ({ node }) => {
      const { epoch, validators } = node.validators()
      return {
        epoch,
        validators: validators.map(({ address, publicKey, weight }) => ({
          address: toHex(address),
          publicKey: F.hex(publicKey),
          weight: String(weight),
        })),
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}',
    id: 'getBlock',
    summary: 'A final block.',
    params: byBlock,
    query: none,
    answer: json(blockForm),
    run: async ({ node }, { params }) => blockJson(await blockOf(node, params.block)),
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}/header',
    id: 'getHeader',
    summary: 'The header of a final block; the hash tree root of its bytes is the block id.',
    params: byBlock,
    query: none,
    answer: { kind: 'bytes', description: 'SSZ serialization of the header' },
    run: async ({ node }, { params }) => encodeHeader((await blockOf(node, params.block)).header),
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}/certificate',
    id: 'getCertificate',
    summary: 'Certificate that a block is final.',
    params: byBlock,
    query: none,
    answer: json(F.certificateForm),
    run: async (scope, { params }) => {
      const height = await heightOf(scope, params.block)
      const found = (await scope.node.certificate(height)) ?? fail('BlockUnknown', { block: height })
      return { height: found.height, blockId: toHex(found.blockId), certificate: F.hex(found.bytes) }
    },
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}/proof/{field}',
    id: 'proveHeaderField',
    summary: 'Proof of one field of a header.',
    params: z.object({ block: F.blockIn, field: F.fieldIn }),
    query: none,
    answer: json(F.proofForm),
    run: async (scope, { params: { block, field } }) =>
      prove(scope, { kind: 'headerField', height: await heightOf(scope, block), field }),
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}/proof',
    id: 'proveHeader',
    summary: 'Proof that a block is final, with its header.',
    params: byBlock,
    query: none,
    answer: json(F.proofForm),
    run: async (scope, { params }) =>
      prove(scope, { kind: 'header', height: await heightOf(scope, params.block) }),
  }),
  route({
    method: 'get',
    path: '/v1/epochs/{from}',
    id: 'getEpochs',
    summary: 'Records of finished epochs from one on: who decides the epochs after them, and why.',
    params: z.object({ from: F.heightIn }),
    query: none,
    answer: { kind: 'bytes', description: 'Records of epochs, each after its length in four bytes' },
    run: async ({ node }, { params }) => {
      const records = node.epochs(params.from, maxEpochs)
      let fitting = records.length
      while (fitting > 1 && sizeOf(records.slice(0, fitting)) > maxEpochBytes) fitting--
      return joinRecords(records.slice(0, fitting))
    },
  }),
  route({
    method: 'get',
    path: '/v1/recent/{height}/proof',
    id: 'proveRecent',
    summary: 'Proof of what the state remembers of one of the last 64 blocks.',
    params: z.object({ height: F.heightIn }),
    query: none,
    answer: json(F.proofForm),
    run: (scope, { params }) => prove(scope, { kind: 'recent', height: params.height }),
  }),
  route({
    method: 'get',
    path: '/v1/chain/proof',
    id: 'proveChain',
    summary: 'Proof of the row with height, time, prices and history root.',
    params: none,
    query: none,
    answer: json(F.proofForm),
    run: (scope) => prove(scope, { kind: 'chain' }),
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}/transactions',
    id: 'getBlockTransactions',
    summary: 'Ids of the transactions that a block includes, in pages.',
    params: byBlock,
    query: page,
    answer: json(idsForm),
    run: async ({ node }, { params, query: { from = 0, limit = 1_000 } }) => {
      const { header, included } = await blockOf(node, params.block)
      const ids = await node.history.ids(header.height, from, limit)
      const next = from + ids.length
      return { ids: ids.map(toHex), next: next < included && ids.length > 0 ? next : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/events',
    id: 'streamBlocks',
    summary: 'Final blocks as server-sent events from a height on, in order and without gaps.',
    params: none,
    query: z.object({ from: F.heightIn.optional() }),
    answer: {
      kind: 'events',
      description:
        'Events "block" with a block as JSON; their id is the height. `Last-Event-ID` resumes after that height.',
    },
    run: (scope, { query, http }) => streamBlocks(scope, http, query.from),
  }),
]
