import { csvOf } from './csv.js'
import { hasColor, type Paint, paintFor } from './paint.js'

/** What a command tells: results on standard output, talk on standard error. */
export type Output = {
  readonly mode: 'text' | 'json' | 'jsonl' | 'csv'
  /** For standard output. */
  readonly paint: Paint
  /** For standard error. */
  readonly talkPaint: Paint
  /** The one result of a command: a document with --json, else the lines. */
  readonly result: (value: unknown, lines: readonly string[]) => void
  /** The one result of a command that lists something: a document with --json, rows with --csv, else the lines. */
  readonly rows: (
    value: unknown,
    heads: readonly string[],
    rows: readonly (readonly string[])[],
    lines: readonly string[],
  ) => void
  /** One of many results: a line of JSON, or the text. */
  readonly item: (value: unknown, line: string) => void
  /** A line for people. */
  readonly talk: (line: string) => void
  /** A line of talk that another one will replace, on terminals. */
  readonly transient: (line: string) => void
}

export function createOutput(mode: Output['mode'], isColorOff: boolean): Output {
  const { env, stdout, stderr } = process
  const paint = paintFor(mode === 'text' && hasColor(stdout, env, isColorOff))
  const talkPaint = paintFor(hasColor(stderr, env, isColorOff))
  const canReplace = stderr.isTTY === true && env['TERM'] !== 'dumb'
  let isTransient = false
  const clear = (): void => {
    if (isTransient) stderr.write('\r\u001b[2K')
    isTransient = false
  }
  const result: Output['result'] = (value, lines) => {
    clear()
    stdout.write(mode === 'text' ? lines.map((line) => `${line}\n`).join('') : `${toJson(value)}\n`)
  }
  return {
    mode,
    paint,
    talkPaint,
    result,
    rows: (value, heads, rows, lines) => {
      if (mode === 'csv') stdout.write(csvOf(heads, rows))
      else result(value, lines)
    },
    item: (value, line) => {
      clear()
      stdout.write(mode === 'text' ? `${line}\n` : `${toJson(value)}\n`)
    },
    talk: (line) => {
      clear()
      stderr.write(`${line}\n`)
    },
    transient: (line) => {
      if (!canReplace) return
      clear()
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1))
      isTransient = true
    },
  }
}

/** JSON in one line; large numbers as decimal text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))
}
