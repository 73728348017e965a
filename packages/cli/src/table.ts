import type { Paint } from './paint.js'

const gap = '  '

/** Rows in aligned columns; a column that is empty in all rows is left out. Cells may be coloured. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const shown = heads.map((_, i) => i).filter((i) => rows.some((row) => visible(row[i] ?? '') > 0))
  const widths = shown.map((i) => Math.max(heads[i]!.length, ...rows.map((row) => visible(row[i] ?? ''))))
  const line = (cells: readonly string[]): string =>
    shown
      .map((i, at) => pad(cells[i] ?? '', widths[at]!))
      .join(gap)
      .trimEnd()
  return [paint.quiet(line(heads)), ...rows.map(line)]
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visible(text)))
}

/** Columns that a text takes, without what makes colours. */
export function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replace(/\u001b\[\d+m/g, '').length
}
