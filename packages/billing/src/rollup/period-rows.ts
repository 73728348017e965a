import { compareBytes } from '@banyan/base'
import type { Direction } from '../anchor/anchor.js'
import type { Row } from '../charge/charge.js'
import { offsets } from '../charge/columns.js'
import { parties } from '../charge/parties.js'

/** The rows of a period as the roll-up needs them: flat memory, and for each account the numbers of its rows. */

export type AccountRows = {
  /** 20 bytes. */
  readonly account: Uint8Array
  /** Numbers of rows within the period, rising by id once they are sorted. */
  readonly rows: number[]
  /** Micro-units of each of them. */
  readonly micro: number[]
}

export type AccountTable = { readonly size: number; readonly list: () => readonly AccountRows[] }

export type PeriodRows = {
  readonly take: (row: Row) => void
  /** Puts the rows of each account into the order of their ids. */
  readonly sort: () => void
  readonly count: () => number
  /** A row as leaves need it; views. */
  readonly at: (row: number) => {
    readonly id: Uint8Array
    readonly rowHash: Uint8Array
    readonly rate: bigint
  }
  readonly accounts: (direction: Direction) => AccountTable
}

/** Where accounts and their amounts stand within a row. */
const places = {
  in: parties.in.map((party) => [offsets[party], offsets[`${party}Amount`]] as const),
  out: parties.out.map((party) => [offsets[party], offsets[`${party}Amount`]] as const),
} as const

/** Id and hash of a row side by side. */
const bytesPerRow = 48

export function createPeriodRows(): PeriodRows {
  let memory = new Uint8Array(1_024 * bytesPerRow)
  const rates: bigint[] = []
  const tables = { in: createAccountTable(), out: createAccountTable() }
  let isRising = true

  const idOf = (row: number): Uint8Array => memory.subarray(row * bytesPerRow, row * bytesPerRow + 16)

  const take = ({ public: open, rowHash }: Row): void => {
    const row = rates.length
    if ((row + 1) * bytesPerRow > memory.length) {
      const larger = new Uint8Array(memory.length * 2)
      larger.set(memory)
      memory = larger
    }
    memory.set(open.subarray(offsets.id, offsets.id + 16), row * bytesPerRow)
    memory.set(rowHash, row * bytesPerRow + 16)
    const view = new DataView(open.buffer, open.byteOffset, open.length)
    rates.push(view.getBigUint64(offsets.rate, true))
    if (row > 0 && compareBytes(idOf(row - 1), idOf(row)) >= 0) isRising = false
    for (const [party, amount] of places.in) tables.in.post(open, view, party, amount, row)
    for (const [party, amount] of places.out) tables.out.post(open, view, party, amount, row)
  }

  const sort = (): void => {
    if (isRising) return
    const order = Uint32Array.from({ length: rates.length }, (_, row) => row).sort((a, b) =>
      compareBytes(idOf(a), idOf(b)),
    )
    const ranks = new Uint32Array(order.length)
    for (const [rank, row] of order.entries()) ranks[row] = rank
    for (const account of [...tables.in.list(), ...tables.out.list()]) sortAccount(account, ranks)
    isRising = true
  }

  return {
    take,
    sort,
    count: () => rates.length,
    at: (row) => {
      const start = row * bytesPerRow
      return {
        id: idOf(row),
        rowHash: memory.subarray(start + 16, start + bytesPerRow),
        rate: rates[row]!,
      }
    },
    accounts: (direction) => tables[direction],
  }
}

function sortAccount({ rows, micro }: AccountRows, ranks: Uint32Array): void {
  const pairs = rows.map((row, i) => ({ row, micro: micro[i]! }))
  pairs.sort((a, b) => ranks[a.row]! - ranks[b.row]!)
  for (const [i, pair] of pairs.entries()) {
    rows[i] = pair.row
    micro[i] = pair.micro
  }
}

/** Accounts by their last six bytes, then by all of them. */
function createAccountTable() {
  const byEnd = new Map<number, AccountRows[]>()
  let size = 0

  const rowsOf = (open: Uint8Array, view: DataView, at: number): AccountRows => {
    const end = view.getUint32(at + 14) * 2 ** 16 + view.getUint16(at + 18)
    const candidates = byEnd.get(end) ?? []
    if (candidates.length === 0) byEnd.set(end, candidates)
    for (const candidate of candidates) if (isAccount(candidate.account, open, at)) return candidate
    const made: AccountRows = { account: open.slice(at, at + 20), rows: [], micro: [] }
    candidates.push(made)
    size++
    return made
  }

  return {
    get size() {
      return size
    },
    list: (): readonly AccountRows[] => [...byEnd.values()].flat(),
    /** Adds an amount to an account; several amounts of one row are one. */
    post: (open: Uint8Array, view: DataView, party: number, amount: number, row: number): void => {
      const micro = Number(view.getBigUint64(amount, true))
      if (micro === 0) return
      const account = rowsOf(open, view, party)
      if (account.rows.at(-1) === row) {
        account.micro[account.micro.length - 1]! += micro
        return
      }
      account.rows.push(row)
      account.micro.push(micro)
    },
  }
}

function isAccount(account: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 20; i++) if (account[i] !== bytes[at + i]) return false
  return true
}
