import { asHash, type BanyanError, fromHex, type Hex, toHex } from '@banyan/base'
import type { Receipt as ProvenReceipt } from '@banyan/ledger/proofs'
import { throwIfAborted } from '../abort.js'
import type { Client } from '../client.js'
import { clientError, type ToldError, toldError } from '../errors.js'
import { type Address, type Hash, requireAddress, requireHash } from '../hex.js'
import { ask, type Options } from '../http.js'
import type { Verifier } from '../verifier.js'
import { type BlockChoice, blockPath } from './blocks.js'

export type Log = { readonly address: Address; readonly topics: readonly Hash[]; readonly data: Hex }

/** What came of a transaction of a final block. */
export type Outcome = {
  readonly id: Hash
  readonly status: 'success' | 'failed'
  /** Name of the error in docs/errors.md. */
  readonly error: string | null
  readonly gasUsed: number
  /** Base fee and tip together, pip. */
  readonly fee: bigint
  readonly baseFee: bigint
  readonly tip: bigint
  /** Of the asset that was moved, after the transaction. */
  readonly payerBalance: bigint
  readonly payeeBalance: bigint
  readonly logsRoot: Hash
}
export type Receipt = Outcome & { readonly logs: readonly Log[] }

/** Where a transaction is on its way. `final` and `failed` with an outcome are for ever. */
export type Transaction = {
  readonly id: Hash
  readonly state: 'pending' | 'included' | 'final' | 'failed' | 'expired'
  /** First byte of the envelope; 0 for legacy transactions of Ethereum. */
  readonly type: number
  readonly from: Address
  /** `null` where it goes to many. */
  readonly to: Address | null
  readonly block: { readonly height: number; readonly blockId: Hash; readonly index: number | null } | null
  readonly outcome: Outcome | null
  /** Proof that its block is final, encoded: docs/formats.md "Proofs of finality". */
  readonly certificate: Hex | null
  /** Why it can never be included. */
  readonly error: BanyanError | null
}

type Amounts = 'baseFee' | 'tip' | 'payerBalance' | 'payeeBalance'
type OutcomeJson = Omit<Outcome, Amounts | 'fee'> & Record<Amounts, string>
type TransactionJson = Omit<Transaction, 'outcome' | 'certificate' | 'error'> & {
  readonly receipt: OutcomeJson | null
  readonly certificate: { readonly certificate: Hex } | null
  readonly error: ToldError | null
}

function readOutcome(json: OutcomeJson): Outcome {
  const baseFee = BigInt(json.baseFee)
  const tip = BigInt(json.tip)
  const payerBalance = BigInt(json.payerBalance)
  return { ...json, baseFee, tip, fee: baseFee + tip, payerBalance, payeeBalance: BigInt(json.payeeBalance) }
}

type ById = Options & { readonly id: Hex }

/** Errors: TransactionUnknown, ArgumentInvalid, those of `ask`. */
export async function getTransaction(client: Client, { id, signal }: ById): Promise<Transaction> {
  const json = await ask(client, `/v1/transactions/${requireHash(id, 'id')}`, { signal })
  const { receipt, certificate, error, ...rest } = json as TransactionJson
  return {
    ...rest,
    outcome: receipt && readOutcome(receipt),
    certificate: certificate?.certificate ?? null,
    error: error && toldError(error),
  }
}

/**
 * Receipt and logs of a transaction of a final block. With `verify` all of it is proven; events that follow from a transfer or
 * package itself are then left out, for a receipt does not show them. Errors: TransactionUnknown, ArgumentInvalid, those of
 * `ask` and of the light client.
 */
export async function getReceipt(
  client: Client,
  { id, verify, signal }: ById & { readonly verify?: Verifier },
): Promise<Receipt> {
  const hash = requireHash(id, 'id')
  const json = await ask(client, `/v1/transactions/${hash}/receipt`, { signal })
  const receipt = readOutcome(json as OutcomeJson) as Receipt
  if (verify === undefined) return receipt
  const { value } = await verify.receipt(asHash(fromHex(hash)!))
  throwIfAborted(signal)
  return provenReceipt(client, receipt, value, verify)
}

/** Error: AnswerStrange if the logs are not those of the receipt, or the block has left the transaction out. */
function provenReceipt(
  { url }: Client,
  { id, logs }: Receipt,
  { status, error, gasUsed, baseFee, tip, payerBalance, payeeBalance, logsRoot }: ProvenReceipt,
  verify: Verifier,
): Receipt {
  const isOwn = logsRoot.every((byte) => byte === 0)
  if (status === 'skipped' || !(isOwn || verify.areLogs(logsRoot, logs))) {
    throw clientError('AnswerStrange', { url, reason: 'it differs from what was proven' })
  }
  const fees = { gasUsed, baseFee, tip, fee: baseFee + tip }
  const root = toHex(logsRoot) as Hash
  return {
    ...{ id, status, error: error ?? null, ...fees, payerBalance, payeeBalance },
    logsRoot: root,
    logs: isOwn ? [] : logs,
  }
}

export type Movement = {
  /** 0 is FIG. */
  readonly asset: number
  readonly from: Address
  readonly to: Address
  /** Base units. */
  readonly amount: bigint
}

/** A transaction of a final block as lists show it. */
export type Summary = {
  readonly id: Hash
  readonly type: number
  readonly height: number
  /** Among the transactions that its block includes. */
  readonly index: number
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
  readonly from: Address
  readonly to: Address | null
  /** First four bytes of the data of its only call. */
  readonly method: Hex | null
  readonly status: 'success' | 'failed'
  readonly error: string | null
  /** pip. */
  readonly fee: bigint
  /** Who paid the fee instead of the sender. */
  readonly sponsor: Address | null
  /** At most 16, the account's own first where one was asked for. */
  readonly movements: readonly Movement[]
  readonly movementCount: number
}

/** `next` leads to the page after this one; `null` on the last. */
export type Page<Item, Cursor> = { readonly items: readonly Item[]; readonly next: Cursor | null }

type SummariesJson<Cursor> = { readonly transactions: readonly unknown[]; readonly next: Cursor | null }

function readSummary(json: unknown): Summary {
  const summary = json as Omit<Summary, 'timestamp' | 'fee' | 'movements'> & {
    readonly timestamp: string
    readonly fee: string
    readonly movements: readonly (Omit<Movement, 'amount'> & { readonly amount: string })[]
  }
  return {
    ...summary,
    timestamp: Number(summary.timestamp),
    fee: BigInt(summary.fee),
    movements: summary.movements.map((one) => ({ ...one, amount: BigInt(one.amount) })),
  }
}

async function summaries<Cursor>(
  client: Client,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  signal: AbortSignal | undefined,
): Promise<Page<Summary, Cursor>> {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${value}`,
  )
  const json = await ask(client, `${path}?${given.join('&')}`, { signal })
  const { transactions, next } = json as SummariesJson<Cursor>
  return { items: transactions.map(readSummary), next }
}

/** `before` is the `next` of the page before. */
export type NewestFirst = Options & { readonly limit?: number; readonly before?: string }

/** Newest transactions of the chain, at most 100 at a time. */
export function getTransactions(
  client: Client,
  { limit, before, signal }: NewestFirst = {},
): Promise<Page<Summary, string>> {
  return summaries(client, '/v1/transactions', { limit, before }, signal)
}

/** Newest transactions that an account sent, that pay or call it, or that move its assets; at most 100 at a time. */
export async function getActivity(
  client: Client,
  { address, limit, before, signal }: NewestFirst & { readonly address: Hex },
): Promise<Page<Summary, string>> {
  const path = `/v1/accounts/${requireAddress(address, 'address')}/transactions`
  return summaries(client, path, { limit, before }, signal)
}

/** Transactions of a block in its order, at most 100 at a time; `from` is the `next` of the page before. */
export async function getBlockTransactions(
  client: Client,
  { block, limit, from, signal }: Options & { block: BlockChoice; limit?: number; from?: number },
): Promise<Page<Summary, number>> {
  return summaries(client, `${blockPath(block)}/summaries`, { limit, from }, signal)
}
