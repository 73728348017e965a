/** A text that a spreadsheet would take for a formula; names on a chain are anybody's words. */
const formula = /^[=+\-@\t\r]/

/** Rows as comma-separated values by RFC 4180, the first of them names of columns. */
export function csvOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
