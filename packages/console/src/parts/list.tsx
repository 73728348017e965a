import { replaceEqualDeep } from '@tanstack/react-query'
import { memo, type ReactNode, useDeferredValue, useEffect, useRef } from 'react'

export type Column<Row> = {
  readonly head: string
  readonly cell: (row: Row) => ReactNode
  /** Figures stand at the end of their column. */
  readonly end?: boolean
  /** Place in the two-line row of narrow screens: a and b above, c and d below. Without one the column is left out there. */
  readonly at?: 'a' | 'b' | 'c' | 'd'
}

type ListProps<Row> = {
  /** What the list holds, for those who hear it. */
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly density?: 'compact' | 'regular' | 'relaxed'
}

/** Keys that were not there when the list was last drawn; none the first time. */
function useArrivals(keys: readonly string[]): ReadonlySet<string> {
  const seen = useRef<ReadonlySet<string>>(undefined)
  const before = seen.current
  useEffect(() => {
    seen.current = new Set(keys)
  })
  return new Set(before === undefined ? [] : keys.filter((key) => !before.has(key)))
}

type RowProps<Row> = Pick<ListProps<Row>, 'columns'> & {
  readonly row: Row
  /** It slides in when it is first drawn; what comes of that later is no reason to draw it again. */
  readonly isNew: boolean
}

function PlainRow<Row>({ row, columns, isNew }: RowProps<Row>) {
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see below
    <tr role="row" className={isNew ? 'is-new' : undefined}>
      {columns.map(({ head, cell, end, at }) => (
        <td key={head} role="cell" className={end ? 'is-end' : undefined} data-at={at}>
          {cell(row)}
        </td>
      ))}
    </tr>
    // biome-ignore-end lint/a11y/noRedundantRoles: see below
  )
}

/** With each block lists come anew, in which most rows are the same. */
const Row = memo(
  PlainRow,
  (before, after) =>
    before.columns === after.columns && replaceEqualDeep(before.row, after.row) === before.row,
) as typeof PlainRow

/**
 * A table whose rows take two lines on narrow screens. Roles are written out, since browsers forget those of a table that is
 * laid out as a grid. What comes many times a second is drawn in slices of time, so that the page never stands still.
 */
export function List<Item>({ label, rows: newest, columns, rowKey, density = 'regular' }: ListProps<Item>) {
  const rows = useDeferredValue(newest)
  const arrivals = useArrivals(rows.map(rowKey))
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see above
    <table className={`list is-${density}`} role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, end }) => (
            <th key={head} role="columnheader" scope="col" className={end ? 'is-end' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <Row key={rowKey(row)} row={row} columns={columns} isNew={arrivals.has(rowKey(row))} />
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above
  )
}
