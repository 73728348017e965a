import { asHash, assert, fail, fromHex, type Hash, type Hex, toHex } from '@banyan/base'
import { type AnchorParts, anchorOf, type Direction } from '../anchor/anchor.js'
import { buildTree } from '../anchor/sum-tree.js'
import { xorInto } from '../anchor/xor.js'
import type { Row } from '../charge/charge.js'
import type { Keccak } from '../charge/seal.js'
import { type AccountRows, createPeriodRows, type PeriodRows } from './period-rows.js'

/** What one account pays or gets for a period. Amounts are pip. */
export type PlanLine = {
  readonly direction: Direction
  /** 0x and 40 digits. */
  readonly account: Hex
  /** Rows of this period, and their sum. */
  readonly count: number
  readonly total: bigint
  readonly root: Hex
  /** From periods before, with the anchor under which it was carried over. */
  readonly carried: bigint
  readonly carriedAnchor: Hex
  readonly anchor: Hex
  /** Of the row hashes: an extra that proves nothing. */
  readonly xor: Hex
  /** Whether it is below the least payout and is carried over. */
  readonly isCarriedOver: boolean
}

/** A period as it will be settled: a function of its rows and of what was carried over. */
export type Plan = {
  readonly period: string
  /** Sequences of its first and last row; `last` is before `first` if there are none. */
  readonly first: number
  readonly last: number
  readonly lines: readonly PlanLine[]
}

export type Carry = { readonly amount: bigint; readonly anchor: Hex }

export type PlanOptions = {
  readonly region: string
  readonly period: string
  readonly keccak256: Keccak
  /** pip; smaller payouts are carried over to the next period. */
  readonly leastPayout: bigint
  /** By account. */
  readonly carries: ReadonlyMap<Hex, Carry>
  /** Sequence of the first row. */
  readonly first: number
}

/** Most accounts of a period, in each direction. */
const maxAccounts = 200_000
const noHash = toHex(new Uint8Array(32))

/** Lines of a period: one for each account and direction, in the order of the accounts. Errors: PeriodInvalid, StatementInvalid. */
export async function planPeriod(rows: AsyncIterable<readonly Row[]>, options: PlanOptions): Promise<Plan> {
  const period = createPeriodRows()
  for await (const group of rows) {
    for (const row of group) period.take(row)
    if (period.accounts('in').size + period.accounts('out').size > maxAccounts)
      fail('PeriodInvalid', { period: options.period, reason: `it has more than ${maxAccounts} accounts` })
  }
  period.sort()
  const payIns = period
    .accounts('in')
    .list()
    .map((account) => lineOf(period, 'in', account, options))
  const payouts = period
    .accounts('out')
    .list()
    .map((account) => lineOf(period, 'out', account, options))
  assert(totalOf(payIns) === totalOf(payouts), 'pay-ins of a period equal its payouts')
  const lines = [...payIns, ...payouts, ...carriesWithoutRows(payouts, options)]
  return {
    period: options.period,
    first: options.first,
    last: options.first + period.count() - 1,
    lines: lines.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  }
}

function keyOf({ direction, account }: PlanLine): string {
  return direction + account
}

function totalOf(lines: readonly PlanLine[]): bigint {
  return lines.reduce((sum, { total }) => sum + total, 0n)
}

function lineOf(
  period: PeriodRows,
  direction: Direction,
  { account, rows, micro }: AccountRows,
  options: PlanOptions,
): PlanLine {
  const tree = buildTree(options.keccak256, account)
  const xor = new Uint8Array(32)
  for (const [i, row] of rows.entries()) {
    const { id, rowHash, rate } = period.at(row)
    tree.add({ id, rowHash, amount: BigInt(micro[i]!) * rate })
    xorInto(xor, rowHash)
  }
  const { hash: root, total } = tree.root()
  const carry = direction === 'out' ? options.carries.get(toHex(account)) : undefined
  return finish({ direction, account, count: tree.count(), total, root }, xor, carry, options)
}

type Rooted = Pick<AnchorParts, 'direction' | 'account' | 'count' | 'total' | 'root'>

function finish(
  rooted: Rooted,
  xor: Uint8Array,
  { amount: carried, anchor: carriedAnchor }: Carry = { amount: 0n, anchor: noHash },
  { keccak256, region, period, leastPayout }: PlanOptions,
): PlanLine {
  const { direction, account, count, total, root } = rooted
  const parts = { ...rooted, region, period, carried, carriedAnchor: hashOf(carriedAnchor) }
  return {
    direction,
    account: toHex(account),
    count,
    total,
    root: toHex(root),
    carried,
    carriedAnchor,
    anchor: toHex(anchorOf(keccak256, parts)),
    xor: toHex(xor),
    isCarriedOver: direction === 'out' && total + carried < leastPayout,
  }
}

/** Payouts that failed before are tried again, even if the account has no rows in this period. */
function carriesWithoutRows(lines: readonly PlanLine[], options: PlanOptions): readonly PlanLine[] {
  const withRows = new Set(lines.map(({ account }) => account))
  return [...options.carries]
    .filter(([account, { amount }]) => !withRows.has(account) && amount >= options.leastPayout)
    .map(([account, carry]) => {
      const none = { count: 0, total: 0n, root: asHash(new Uint8Array(32)) }
      const rooted = { direction: 'out', account: fromHex(account)!, ...none } as const
      return finish(rooted, new Uint8Array(32), carry, options)
    })
}

function hashOf(text: Hex): Hash {
  return asHash(fromHex(text)!)
}
