import { asHash, decodeJson, encodeJson, fail, fromHex } from '@banyan/base'
import type { Receipt } from './receipt.js'
import type { Statement } from './statement.js'

/** Statements and receipts as files: JSON of `encodeJson`. */

/** Largest file that is read. */
export const maxStatementBytes = 2 ** 29

export function encodeStatement(statement: Statement | Receipt): string {
  return encodeJson(statement)
}

/** Reads a file; what it says is not checked yet. Error: StatementInvalid. */
export function decodeStatement(text: string): Statement | Receipt {
  if (text.length > maxStatementBytes) fail('StatementInvalid', { reason: 'it is too long' })
  let value: unknown
  try {
    value = decodeJson(text)
  } catch (error) {
    fail('StatementInvalid', { reason: 'it is no JSON' }, error)
  }
  const { format } = Object(value) as { readonly format?: unknown }
  if (format === 'banyan-statement/1') return checked(value, isStatement) as Statement
  if (format === 'banyan-receipt/1') return withHashes(checked(value, isReceipt) as Receipt)
  return fail('StatementInvalid', { reason: 'it is neither statement nor receipt' })
}

/** Hashes beside a proof are bytes again. */
function withHashes(receipt: Receipt): Receipt {
  const beside = receipt.proof.beside.map(({ hash, total }) => {
    const bytes = fromHex(String(hash)) ?? new Uint8Array(0)
    if (bytes.length !== 32) fail('StatementInvalid', { reason: 'a hash is malformed' })
    return { hash: asHash(bytes), total }
  })
  return { ...receipt, proof: { ...receipt.proof, beside } }
}

type Fields = Readonly<Record<string, unknown>>

function checked(value: unknown, isGood: (fields: Fields) => boolean): unknown {
  if (!isGood(value as Fields)) fail('StatementInvalid', { reason: 'a field is missing or has another type' })
  return value
}

const isHex = (value: unknown): boolean => typeof value === 'string' && /^0x([0-9a-f]{2})*$/.test(value)
/** What the 16 bytes of an amount in a hash can tell apart: docs/formats.md. */
const isAmount = (value: unknown): boolean => typeof value === 'bigint' && value >= 0n && value < 2n ** 128n
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

function isStatement({ region, account, month, parts }: Fields): boolean {
  const isNamed = typeof region === 'string' && typeof month === 'string' && isHex(account)
  const isPartWithRows = (part: unknown): boolean =>
    isFields(part) && isPart(part) && Array.isArray(part['rows']) && part['rows'].every(isHex)
  return isNamed && Array.isArray(parts) && parts.every(isPartWithRows)
}

function isPart(part: Fields): boolean {
  const { direction, period, count, total, carried, transfer, isCarriedOver } = part
  const hashes = [part['root'], part['carriedAnchor'], part['anchor'], part['xor']]
  const isNamed = (direction === 'in' || direction === 'out') && typeof period === 'string'
  const isCounted = isAmount(total) && isAmount(carried) && Number.isSafeInteger(count)
  const isSettled =
    transfer === undefined ||
    (isFields(transfer) && isHex(transfer['id']) && Number.isSafeInteger(transfer['height']))
  return isNamed && isCounted && isSettled && typeof isCarriedOver === 'boolean' && hashes.every(isHex)
}

function isReceipt({ region, account, part, row, proof }: Fields): boolean {
  const isBeside = (each: unknown): boolean =>
    isFields(each) && isHex(each['hash']) && isAmount(each['total'])
  if (typeof region !== 'string' || !isHex(account) || !isHex(row) || !isFields(part) || !isFields(proof))
    return false
  const { index, count, beside } = proof
  const isPlaced = Number.isSafeInteger(index) && Number.isSafeInteger(count)
  return isPart(part) && isPlaced && Array.isArray(beside) && beside.length <= 64 && beside.every(isBeside)
}
