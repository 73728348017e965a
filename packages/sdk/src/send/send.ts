import { BanyanError, type ErrorName, errorRegistry } from '@banyan/base'
import { throwIfAborted } from '../abort.js'
import type { Account, WalletAccount } from '../account/account.js'
import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import type { Hash } from '../hex.js'
import { waitMs } from '../pause.js'
import { getTransaction, type Receipt } from '../read/transactions.js'
import { prepareTransaction } from './prepare.js'
import type { SendRequest } from './request.js'
import { type Signed, signTransaction, submitTransaction } from './sign.js'
import { waitForTransaction } from './wait.js'
import { sendByWallet } from './wallet.js'

/**
 * A transaction on its way. Each part can be awaited by itself, and nobody has to: what is not awaited fails silently. The
 * signal of the request ends all of them.
 */
export type Sending = {
  /** Known once it is signed. */
  readonly id: Promise<Hash>
  /** The node has it: it will spread it, and the client sends it again if the node forgets. */
  readonly submitted: Promise<Hash>
  /** It is final and succeeded. Rejects with TransactionFailed if it is final and failed. */
  readonly final: Promise<Receipt>
  /** It is final, whatever came of it. */
  readonly receipt: Promise<Receipt>
}

/**
 * Moves an amount, or makes calls. One signature is made, however often the transaction has to be sent. Errors of its
 * parts: AccountMissing, AccountUnsuited, ConfirmationRefused, those of `prepareTransaction`, `submitTransaction` and
 * `waitForTransaction`.
 */
export function send(client: Client, request: SendRequest): Sending {
  const signing = sign(client, request)
  const id = signing.then((signed) => signed.id)
  const submitted = signing.then((signed) => submit(client, signed, request.signal))
  const receipt = submitted.then(async (known) => {
    const { signed } = await signing
    return waitForTransaction(client, { id: known, signed, signal: request.signal })
  })
  const final = receipt.then(requireSuccess)
  for (const part of [id, submitted, receipt, final]) part.catch(() => undefined)
  return { id, submitted, final, receipt }
}

/** A wallet gives no envelope: it has sent the transaction itself. */
type Sent = { readonly id: Hash; readonly signed: Signed | undefined }

async function sign(client: Client, request: SendRequest): Promise<Sent> {
  const account: Account | undefined = request.account ?? client.account
  if (account === undefined) throw clientError('AccountMissing', { what: 'send' })
  const { signal } = request
  if (account.kind === 'wallet') return walletSends(client, request, account)
  const prepared = await prepareTransaction(client, { ...request, account })
  const signed = await signTransaction(client, { prepared, account, signal })
  return { id: signed.id, signed }
}

async function walletSends(client: Client, request: SendRequest, account: WalletAccount): Promise<Sent> {
  return { id: await sendByWallet(client, request, account), signed: undefined }
}

const longestPauseMs = 5_000

/**
 * Once there is a signature, the transaction may have arrived although no answer came. So it is sent until there is one:
 * whoever was told that it failed might pay twice.
 */
async function submit(client: Client, { id, signed }: Sent, signal: AbortSignal | undefined): Promise<Hash> {
  if (signed === undefined) return id
  for (let lost = 0; ; lost++) {
    try {
      return await submitTransaction(client, { signed, signal })
    } catch (error) {
      if (!isLost(error)) {
        if (lost > 0 && (await isThere(client, id, signal))) return id
        throw error
      }
      await waitMs(Math.min(longestPauseMs, 100 * 2 ** lost), signal)
      throwIfAborted(signal)
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof BanyanError && lostAnswers.has(error.kind)
}

const lostAnswers: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NodeSilent',
  'AnswerLate',
  'RequestTimeout',
  'RequestFailed',
])

/** Whether the node knows a transaction that it now refuses, as one that is too old to be taken in again. */
async function isThere(client: Client, id: Hash, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const { state } = await getTransaction(client, { id, signal })
    return state !== 'expired'
  } catch (error) {
    if (error instanceof BanyanError) return false
    throw error
  }
}

/** The receipt of a transaction that succeeded. Error: TransactionFailed. */
export function requireSuccess(receipt: Receipt): Receipt {
  if (receipt.status === 'success') return receipt
  const name = receipt.error ?? ''
  const reason = Object.hasOwn(errorRegistry, name)
    ? errorRegistry[name as keyof typeof errorRegistry].cause
    : name
  throw clientError('TransactionFailed', { id: receipt.id, reason: `${name}. ${reason}` })
}
