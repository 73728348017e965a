import { banyanError, fail, type Hash, toHex } from '@banyan/base'
import { errorBody, publicError } from '@banyan/http-api/server'
import { decodeEnvelope } from '@banyan/ledger'
import { z } from 'zod'
import type { LogPlace } from '../history.js'
import { data } from '../json-rpc/quantities.js'
import * as F from './forms.js'
import { type Route, route, type Scope } from './route.js'
import { prove } from './state-routes.js'
import { finalJson, receiptForm, receiptJson, transactionForm, waitingJson } from './transaction-form.js'

const none = z.object({})
const json = (schema: z.ZodType) => ({ kind: 'json', schema }) as const
const byId = z.object({ id: F.hashIn })

const oneType = 'application/octet-stream'
/** Envelopes back to back, each after its length in four bytes, little-endian. */
const manyType = 'application/vnd.banyan.envelopes'

const sentForm = z.object({
  results: z.array(z.union([z.object({ id: F.hash }), F.errorForm])),
})

const logsForm = z.object({
  logs: z.array(
    z.object({
      height: F.height,
      blockId: F.hash,
      logIndex: F.count,
      transactionId: F.hash,
      transactionIndex: F.count,
      address: F.address,
      topics: z.array(F.hash),
      data: F.bytes,
    }),
  ),
  next: z.string().nullable().meta({ description: 'Value of "after" for the next page' }),
})

const maxLogPage = 1_000
const list = <Item>(item: z.ZodType<Item, string>) =>
  z
    .string()
    .max(2_000)
    .transform((text) => text.split(','))
    .pipe(z.array(item).max(20))
const topic = list(F.hashIn).optional()

const logQuery = z.object({
  from: F.heightIn,
  to: F.heightIn.optional(),
  address: list(F.addressIn).optional(),
  topic0: topic,
  topic1: topic,
  topic2: topic,
  topic3: topic,
  after: z
    .string()
    .regex(/^\d{1,15}:\d{1,15}$/)
    .transform((text): LogPlace => {
      const [height, logIndex] = text.split(':').map(Number)
      return { height: height!, logIndex: logIndex! }
    })
    .optional(),
  limit: F.heightIn
    .refine((value) => value >= 1 && value <= maxLogPage, `from 1 to ${maxLogPage}`)
    .optional(),
})

/** The envelopes of a body, as views of it. Errors: ParametersInvalid, RequestLimitExceeded. */
function envelopesOf({ limits }: Scope, type: string, body: Uint8Array): Uint8Array[] {
  if (type === oneType) return [body]
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const envelopes: Uint8Array[] = []
  for (let offset = 0; offset < body.length; ) {
    if (envelopes.length >= limits.batch) {
      fail('RequestLimitExceeded', { what: 'the number of envelopes in a request', limit: limits.batch })
    }
    const end = offset + 4 + (offset + 4 <= body.length ? view.getUint32(offset, true) : body.length)
    if (end > body.length) fail('ParametersInvalid', { reason: 'the body ends within an envelope' })
    envelopes.push(body.subarray(offset + 4, end))
    offset = end
  }
  if (envelopes.length === 0) fail('ParametersInvalid', { reason: 'the body holds no envelope' })
  return envelopes
}

async function requireIncluded({ node }: Pick<Scope, 'node'>, id: Hash) {
  return (await node.history.transaction(id)) ?? fail('TransactionUnknown', { id: toHex(id) })
}

/** Transactions, receipts and logs. */
export const transactionRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/transactions',
    id: 'submit',
    summary: 'Takes transactions of any type in. Each gets its id, or the error why it was refused.',
    params: none,
    query: none,
    bodyTypes: [oneType, manyType],
    answer: json(sentForm),
    run: async (scope, { body, bodyType }) => {
      const outcomes = await scope.node.submit(envelopesOf(scope, bodyType, body))
      return {
        results: outcomes.map(({ id, error }) =>
          id === undefined ? errorBody(publicError(error)) : { id: data(id) },
        ),
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/transactions/{id}',
    id: 'getTransaction',
    summary: 'Where a transaction is on its way: pending, included, final, failed or expired.',
    params: byId,
    query: none,
    answer: json(transactionForm),
    run: async ({ node }, { params: { id } }) => {
      const included = await node.history.transaction(id)
      if (included !== undefined) return finalJson(node, included)
      const waiting = node.waiting(id)
      if (waiting !== undefined) return waitingJson(id, decodeEnvelope(waiting.envelope), waiting)
      // It may have become final between the two questions.
      await node.indexed()
      return finalJson(node, await requireIncluded({ node }, id))
    },
  }),
  route({
    method: 'get',
    path: '/v1/transactions/{id}/proof',
    id: 'proveTransaction',
    summary: 'Proof that a final block holds a transaction.',
    params: byId,
    query: none,
    answer: json(F.proofForm),
    run: (scope, { params }) => prove(scope, { kind: 'transaction', id: params.id }),
  }),
  route({
    method: 'get',
    path: '/v1/transactions/{id}/receipt',
    id: 'getReceipt',
    summary: 'Receipt and logs of a transaction of a final block.',
    params: byId,
    query: none,
    answer: json(receiptForm),
    run: async (scope, { params }) => receiptJson(await requireIncluded(scope, params.id)),
  }),
  route({
    method: 'get',
    path: '/v1/transactions/{id}/receipt/proof',
    id: 'proveReceipt',
    summary: 'Proof of a receipt.',
    params: byId,
    query: none,
    answer: json(F.proofForm),
    run: (scope, { params }) => prove(scope, { kind: 'receipt', id: params.id }),
  }),
  route({
    method: 'get',
    path: '/v1/logs',
    id: 'getLogs',
    summary: 'Logs of final blocks in pages. Addresses and topics may be lists, separated by commas.',
    params: none,
    query: logQuery,
    answer: json(logsForm),
    run: async ({ node, limits }, { query }) => {
      const { from, address = [], topic0, topic1, topic2, topic3, after, limit = maxLogPage } = query
      const newest = node.head().header.height
      const to = Math.min(query.to ?? newest, newest, from + limits.logBlocks - 1)
      if (from < node.history.oldest()) throw banyanError('BlockUnknown', { block: from })
      if (from > to) return { logs: [], next: null }
      const given = [topic0, topic1, topic2, topic3]
      const used = given.findLastIndex((topics) => topics !== undefined) + 1
      const topics = given.slice(0, used).map((some) => some ?? [])
      const found = await node.history.logs({
        from,
        to,
        addresses: address,
        topics,
        limit,
        ...(after && { after }),
      })
      const last = found.logs.at(-1)
      return {
        logs: found.logs.map(({ log, height, blockId, logIndex, transactionId, transactionIndex }) => ({
          height,
          blockId: toHex(blockId),
          logIndex,
          transactionId: toHex(transactionId),
          transactionIndex,
          address: toHex(log.address),
          topics: log.topics.map(toHex),
          data: F.hex(log.data),
        })),
        next: found.complete || last === undefined ? null : `${last.height}:${last.logIndex}`,
      }
    },
  }),
]
