import { type Address, beToUint, equalBytes, type Hash, toHex, utf8 } from '@banyan/base'
import { assetAddress, assetAt, assetPrefix } from '@banyan/contracts'
import type { CryptoProvider } from '@banyan/crypto'
import type { Call, Log, Transaction } from '@banyan/ledger'
import { z } from 'zod'
import type { IncludedTransaction } from '../history.js'
import { recipientOf, typeOf } from '../json-rpc/shapes/transaction.js'
import * as F from './forms.js'

/** Movements that a summary shows; packages can have thousands. */
const maxMovements = 16

const movementForm = z.object({ asset: F.count, from: F.address, to: F.address, amount: F.amount })
type Movement = z.output<typeof movementForm>

/** A transaction of a final block as lists show it. */
export const summaryForm = z.object({
  id: F.hash,
  type: F.count.meta({ description: 'First byte of the envelope; 0 for legacy Ethereum transactions' }),
  height: F.height,
  index: F.count,
  timestamp: F.amount.meta({ description: 'Milliseconds since the Unix epoch' }),
  from: F.address,
  to: F.address.nullable().meta({ description: 'null where it goes to many' }),
  method: F.bytes.nullable().meta({ description: 'First four bytes of the data of its only call' }),
  status: z.enum(['success', 'failed']),
  error: z.string().nullable(),
  fee: F.amount,
  sponsor: F.address.nullable().meta({ description: 'Who paid the fee instead of the sender' }),
  movements: z.array(movementForm).meta({ description: 'What was moved, at most 16; asset 0 is FIG' }),
  movementCount: F.count,
})

/** `account`: its movements come first. */
export function summaryJson(
  provider: CryptoProvider,
  included: IncludedTransaction,
  timestamp: bigint,
  account?: Address,
): z.output<typeof summaryForm> {
  const { transaction, sender, receipt, height, index } = included
  const to = recipientOf(transaction)
  const movements = movementsOf(provider, included)
  return {
    id: toHex(receipt.id),
    type: typeOf(transaction),
    height,
    index,
    timestamp: String(timestamp),
    from: toHex(sender),
    to: to && toHex(to),
    method: methodOf(transaction),
    status: receipt.status === 'success' ? 'success' : 'failed',
    error: receipt.error ?? null,
    fee: String(receipt.baseFee + receipt.tip),
    sponsor: sponsorOf(transaction),
    movements: ownFirst(movements, account).slice(0, maxMovements),
    movementCount: movements.length,
  }
}

function ownFirst(movements: readonly Movement[], account: Address | undefined): readonly Movement[] {
  if (account === undefined || movements.length <= maxMovements) return movements
  const text = toHex(account)
  const isOwn = ({ from, to }: Movement): boolean => from === text || to === text
  return [...movements.filter(isOwn), ...movements.filter((movement) => !isOwn(movement))]
}

/** Calls of a transaction; transfers and packages have none. */
function callsOf(transaction: Transaction): readonly Call[] {
  if (transaction.kind === 'native') return transaction.body.calls
  return transaction.kind === 'ethereum' ? [transaction] : []
}

function methodOf(transaction: Transaction): string | null {
  const calls = callsOf(transaction)
  const data = calls.length === 1 ? calls[0]!.data : undefined
  return data === undefined || data.length < 4 ? null : toHex(data.subarray(0, 4))
}

function sponsorOf(transaction: Transaction): string | null {
  if (transaction.kind !== 'native' || transaction.sponsor.length === 0) return null
  return toHex(transaction.body.sponsor)
}

/** FIG that its calls carried, then what the events of tokens tell. */
function movementsOf(provider: CryptoProvider, included: IncludedTransaction): readonly Movement[] {
  const { transaction, sender, receipt, logs } = included
  if (receipt.status !== 'success') return []
  const from = toHex(sender)
  const carried = callsOf(transaction)
    .filter(({ value }) => value > 0n)
    .map(({ to, value }) => ({ asset: 0, from, to: toHex(to), amount: String(value) }))
  const transfer = provider.keccak256(utf8('Transfer(address,address,uint256)'))
  const told = logs.flatMap((log) => movementOf(transfer, log))
  return [...carried, ...told]
}

function movementOf(transfer: Hash, { address, topics, data }: Log): readonly Movement[] {
  const [event, from, to] = topics
  const isAsset = equalBytes(address.subarray(0, assetPrefix.length), assetPrefix)
  if (!isAsset || event === undefined || from === undefined || to === undefined) return []
  if (!equalBytes(event, transfer) || !equalBytes(address, assetAddress(assetAt(address)))) return []
  const person = (topic: Hash): string => toHex(topic.subarray(12))
  return [{ asset: assetAt(address), from: person(from), to: person(to), amount: String(beToUint(data)) }]
}
