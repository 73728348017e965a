import { equalBytes, toHex } from '@banyan/base'
import type { Chain } from '@banyan/ledger'
import { type Model, tableNames, tableRows } from '@banyan/model'

/** Rows of the state in which ledger and model differ, for the message of a failing test. */
export function differingRows({ state }: Chain, model: Model): string[] {
  const tables = state.allRows()
  return tableNames.flatMap((name, table) => {
    const { bytes, length } = tables[table]!
    const rows = tableRows(model.state, name)
    const size = rows[0]!.length
    if (length !== rows.length) return [`${name} has ${length} rows instead of ${rows.length}`]
    return rows.flatMap((row, i) => {
      const own = bytes.subarray(i * size, (i + 1) * size)
      return equalBytes(own, row) ? [] : [`${name} ${i}: ${toHex(own)} instead of ${toHex(row)}`]
    })
  })
}
