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
    const row = await rowAt(book, middle)
    if (Number(decodePublic(row.public).at) < time) low = middle + 1
    else high = middle
  }
  return low
}

export async function rowAt(book: Pick<ChargeBook, 'rows'>, sequence: number): Promise<Row> {
  let found: Row | undefined
  for await (const [row] of book.rows(sequence, sequence)) found = row
  assert(found !== undefined, 'rows of the books have no gaps')
  return found
}
