import { asHash, fail, fromHex, type Hash, type Hex, toHex } from '@banyan/base'
import { anchorOf } from '../anchor/anchor.js'
import { buildTree } from '../anchor/sum-tree.js'
import { xorInto } from '../anchor/xor.js'
import { decodePublic } from '../charge/decode.js'
import type { Keccak } from '../charge/seal.js'
import { amountFor } from './amount.js'
import type { Statement, StatementPart } from './statement.js'

/** What a statement was found to say. Amounts are pip. */
export type VerifiedStatement = {
  readonly rows: number
  /** Of transfers that happened. */
  readonly paidIn: bigint
  readonly paidOut: bigint
  /** What is carried over at the end, or not settled yet. */
  readonly open: bigint
  /** Transfers to look up on the chain: each must carry its anchor as memo. */
  readonly transfers: readonly {
    readonly id: Hex
    readonly height: number
    readonly anchor: Hex
    readonly amount: bigint
  }[]
}

function refuse(part: StatementPart, reason: string): never {
  return fail('StatementInvalid', { reason: `${part.period}, ${part.direction}: ${reason}` })
}

/**
 * Checks a statement without asking anybody: every row against its sum tree, root, sum, count and anchor, and what was carried over against the period
 * before. What then remains is to see that the transfers with these anchors are on the chain. Error: StatementInvalid.
 */
export function verifyStatement(statement: Statement, keccak256: Keccak): VerifiedStatement {
  const { format, account, parts } = statement
  if (format !== 'banyan-statement/1') fail('StatementInvalid', { reason: `its format is ${String(format)}` })
  const sums = { in: 0n, out: 0n, open: 0n }
  const seen = new Set<string>()
  const transfers: VerifiedStatement['transfers'][number][] = []
  let rows = 0
  let previous: StatementPart | undefined
  for (const part of parts) {
    const { period, direction, transfer, anchor, total, carried } = part
    if (!period.startsWith(statement.month)) refuse(part, 'it is of another month')
    if (seen.has(period + direction)) refuse(part, 'it stands twice')
    seen.add(period + direction)
    checkPart(statement, part, keccak256)
    if (direction === 'out') {
      checkCarried(previous, part)
      previous = part
    }
    rows += part.rows.length
    if (transfer === undefined) {
      if (direction === 'in' || !hasSuccessor(parts, part)) sums.open += total + carried
      continue
    }
    if (part.isCarriedOver) refuse(part, 'it was carried over and paid')
    transfers.push({ id: transfer.id, height: transfer.height, anchor, amount: total + carried })
    // Nobody paid for the account what the operator advanced.
    if (!(direction === 'in' && transfer.isAdvance)) sums[direction] += total + carried
  }
  if (accountBytes(account).length !== 20) fail('StatementInvalid', { reason: 'its account is malformed' })
  return { rows, paidIn: sums.in, paidOut: sums.out, open: sums.open, transfers }
}

/** Whether what a part left unpaid is part of a later one. */
function hasSuccessor(parts: readonly StatementPart[], part: StatementPart): boolean {
  return parts.some(({ direction, carriedAnchor }) => direction === 'out' && carriedAnchor === part.anchor)
}

function checkCarried(previous: StatementPart | undefined, part: StatementPart): void {
  if (previous === undefined) return
  const isOpen = previous.transfer === undefined
  if (
    isOpen &&
    (part.carriedAnchor !== previous.anchor || part.carried !== previous.total + previous.carried)
  )
    refuse(part, 'it leaves out what was carried over')
  if (!isOpen && part.carried !== 0n) refuse(part, 'it carries over what was paid')
}

function checkPart({ region, account }: Statement, part: StatementPart, keccak256: Keccak): void {
  const bytes = accountBytes(account)
  const tree = buildTree(keccak256, bytes)
  const xor = new Uint8Array(32)
  for (const hex of part.rows) {
    const row = fromHex(hex) ?? refuse(part, 'a row is malformed')
    const columns = decodePublic(row)
    const { pip } = amountFor(columns, account, part.direction)
    if (pip === 0n) refuse(part, `the charge ${columns.id} moves nothing for this account`)
    const rowHash = keccak256(row)
    tree.add({ id: fromHex(columns.id)!, rowHash, amount: pip })
    xorInto(xor, rowHash)
  }
  const { hash, total } = tree.root()
  if (toHex(hash) !== part.root) refuse(part, 'its rows have another root')
  if (total !== part.total || tree.count() !== part.count) refuse(part, 'its rows have another sum or count')
  if (toHex(xor) !== part.xor) refuse(part, 'its rows have another XOR value')
  const { direction, period, count, carried } = part
  const carriedAnchor = hashOf(part, part.carriedAnchor)
  const rooted = { account: bytes, direction, period, count, total, root: hash, carried, carriedAnchor }
  if (toHex(anchorOf(keccak256, { region, ...rooted })) !== part.anchor) refuse(part, 'it has another anchor')
}

function accountBytes(account: Hex): Uint8Array {
  return fromHex(account) ?? new Uint8Array(0)
}

function hashOf(part: StatementPart, text: Hex): Hash {
  const bytes = fromHex(text)
  return bytes?.length === 32 ? asHash(bytes) : refuse(part, 'a hash is malformed')
}
