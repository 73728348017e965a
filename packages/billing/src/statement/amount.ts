import type { Direction } from '../anchor/anchor.js'
import type { PublicColumns } from '../charge/columns.js'
import { type PartyColumns, parties } from '../charge/parties.js'

type Columns = PartyColumns & Pick<PublicColumns, 'rate'>

export type PartyAmount = {
  /** Micro-units. */
  readonly micro: bigint
  /** pip for one of them. */
  readonly rate: bigint
  readonly pip: bigint
}

/** What a row moves for an account, in all its parts together. */
export function amountFor(columns: Columns, account: string, direction: Direction): PartyAmount {
  let micro = 0n
  for (const party of parties[direction]) {
    if (columns[party] === account) micro += columns[`${party}Amount`]
  }
  const { rate } = columns
  return { micro, rate, pip: micro * rate }
}
