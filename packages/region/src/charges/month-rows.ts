import { assert } from '@banyan/base'
import { type ChargeBook, decodePublic, type PublicColumns, type Row } from '@banyan/billing'

/** Rows are in the order in which requests ended, almost: those of one moment may be swapped. */
const slackMs = 3_600_000

/** Rows of the books that ended at or after a time, in their order. */
export async function* rowsSince(
  book: Pick<ChargeBook, 'last' | 'rows'>,
  time: number,
): AsyncGenerator<PublicColumns, void, undefined> {
  const last = await book.last()
  for await (const group of book.rows(await firstRowAt(book, time - slackMs, last), last)) {
    for (const row of group) {
      const columns = decodePublic(row.public)
      if (Number(columns.at) >= time) yield columns
    }
  }
}

/** Sequence of the first row from a time on, by halving. */
async function firstRowAt(book: Pick<ChargeBook, 'rows'>, time: number, last: number): Promise<number> {
  let low = 1
  let high = last + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await findRow(book, middle)
    // What is dropped is older than what is asked for.
    if (row === undefined || Number(decodePublic(row.public).at) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Of a row that is not dropped. */
export async function rowAt(book: Pick<ChargeBook, 'rows'>, sequence: number): Promise<Row> {
  const found = await findRow(book, sequence)
  assert(found !== undefined, 'rows of the books have no gaps')
  return found
}

async function findRow(book: Pick<ChargeBook, 'rows'>, sequence: number): Promise<Row | undefined> {
  for await (const [row] of book.rows(sequence, sequence)) return row
  return undefined
}
