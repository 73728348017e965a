import { fail, type Hash, type Hex, toHex } from '@banyan/base'
import { checkParams } from '@banyan/http-api'
import { z } from 'zod'
import type { BlockRecord, LogPlace } from '../history.js'
import { type LogPattern, patternOf } from '../json-rpc/log-query.js'
import { method, type RpcContext, type RpcMethods } from '../json-rpc/method.js'
import { logFilterParam } from '../json-rpc/params.js'
import { data } from '../json-rpc/quantities.js'
import { headerShape } from '../json-rpc/shapes/block.js'
import { logShape } from '../json-rpc/shapes/log.js'
import { blockJson } from '../v1/block-form.js'

type Subscription =
  | { readonly kind: 'newHeads' }
  /** The same as the native API shows blocks. */
  | { readonly kind: 'banyanBlocks' }
  | { readonly kind: 'logs'; readonly pattern: LogPattern }
  | { readonly kind: 'newPendingTransactions' }

/** The subscriptions of one connection. */
export type Subscriptions = {
  readonly methods: RpcMethods
  /** Notifies of a final block. Logs come after the head of their block. */
  readonly onFinal: (block: BlockRecord, head: () => Promise<string>) => Promise<void>
  readonly onPending: (ids: readonly Hash[]) => void
}

const kindParam = z
  .tuple([z.enum(['newHeads', 'logs', 'newPendingTransactions', 'banyanBlocks', 'syncing'])])
  .rest(z.unknown())
const idParam = z.tuple([z.string().max(66)])

/**
 * `send` takes the text of a notification, and returns false when the connection takes no more: it is too slow, or gone.
 */
export function createSubscriptions(
  context: RpcContext,
  send: (text: string) => boolean,
  random: (length: number) => Uint8Array,
): Subscriptions {
  const { node, limits } = context
  const all = new Map<string, Subscription>()

  const add = (subscription: Subscription): Hex => {
    if (all.size >= limits.subscriptionsPerSocket) {
      const what = 'the number of subscriptions of a connection'
      fail('RequestLimitExceeded', { what, limit: limits.subscriptionsPerSocket })
    }
    const id = toHex(random(16))
    all.set(id, subscription)
    return id
  }

  const notify = (id: string, result: string): boolean =>
    send(`{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"${id}","result":${result}}}`)

  const sendLogs = async (id: string, pattern: LogPattern, height: number): Promise<void> => {
    let after: LogPlace | undefined
    for (;;) {
      const query = { ...pattern, from: height, to: height, limit: limits.logs, ...(after && { after }) }
      const { logs, complete } = await node.history.logs(query)
      for (const log of logs) if (!notify(id, JSON.stringify(logShape(log)))) return
      after = logs.at(-1)
      if (complete || after === undefined || !all.has(id)) return
    }
  }

  return {
    methods: {
      eth_subscribe: method(kindParam, (_, kind, filter) => {
        if (kind === 'syncing')
          return fail('ParametersInvalid', { reason: 'no subscription "syncing" found' })
        if (kind !== 'logs') return add({ kind })
        return add({ kind, pattern: patternOf(checkParams(logFilterParam, filter ?? {})) })
      }),
      eth_unsubscribe: method(idParam, (_, id) => all.delete(id) || fail('FilterUnknown', { id })),
    },
    onFinal: async (block, head) => {
      for (const [id, { kind }] of all) {
        if (kind === 'newHeads' && !notify(id, await head())) return
        if (kind === 'banyanBlocks' && !notify(id, JSON.stringify(blockJson(block)))) return
      }
      for (const [id, subscription] of all) {
        if (subscription.kind === 'logs') await sendLogs(id, subscription.pattern, block.header.height)
      }
    },
    onPending: (ids) => {
      for (const [id, { kind }] of all) {
        if (kind !== 'newPendingTransactions') continue
        for (const transaction of ids) if (!notify(id, `"${data(transaction)}"`)) return
      }
    },
  }
}

/** The header of a block as a notification shows it; computed once for all connections. */
export function headText(context: RpcContext, block: BlockRecord): () => Promise<string> {
  let text: Promise<string> | undefined
  return () => {
    text ??= headerShape(context.node, block).then((shape) => JSON.stringify(shape))
    return text
  }
}
