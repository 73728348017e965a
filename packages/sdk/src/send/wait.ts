import { BanyanError, type ErrorName, fail, type Hex } from '@banyan/base'
import type { Client } from '../client.js'
import { requireHash } from '../hex.js'
import type { Options } from '../http.js'
import { watchHead } from '../live/watch.js'
import { getReceipt, getTransaction, type Receipt } from '../read/transactions.js'
import { type Signed, submitTransaction } from './sign.js'

/** What a wait outlasts: the node is away for a while, or has forgotten. */
const passing: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NodeSilent',
  'AnswerLate',
  'RequestTimeout',
  'TransactionUnknown',
])

/**
 * Waits until a transaction is in a final block, and returns its receipt whether it succeeded or failed there. It asks
 * again with each block, over breaks of the connection too. With `signed` the transaction is sent again whenever the node
 * does not know it, until it can no longer be included. Errors: TransactionExpired and others that say why it will never
 * be included.
 */
export async function waitForTransaction(
  client: Client,
  { id, signed, signal }: Options & { readonly id: Hex; readonly signed?: Signed | undefined },
): Promise<Receipt> {
  const hash = requireHash(id, 'id')
  for await (const _ of watchHead(client, { signal })) {
    const found = await unlessPassing(getTransaction(client, { id: hash, signal }))
    if (found?.error) throw found.error
    if (found?.outcome) {
      const receipt = await unlessPassing(getReceipt(client, { id: hash, signal }))
      if (receipt !== undefined) return receipt
    }
    if (found === undefined && signed !== undefined) {
      await unlessPassing(submitTransaction(client, { signed, signal }))
    }
  }
  return fail('InvariantBroken', { invariant: 'the heads of a chain never end' })
}

async function unlessPassing<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof BanyanError && passing.has(error.kind)) return undefined
    throw error
  }
}
