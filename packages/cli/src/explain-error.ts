import { BanyanError, errorRegistry } from '@banyan/base'
import type { Output } from './output.js'

/** Longer lines are hard to read. */
const width = 100
const maxLines = 12

/** An error as JSON. */
export function errorDocument(error: unknown): object {
  if (!(error instanceof BanyanError)) {
    return {
      error: { code: 'BYN-0', name: 'Defect', message: messageOf(error), cause: defectCause, fix: defectFix },
    }
  }
  const { code, kind, message, fix, retryable, details } = error
  return {
    error: {
      code,
      name: kind,
      message,
      cause: errorRegistry[kind].cause,
      fix,
      retryable,
      docs: docsOf(error),
      details,
    },
  }
}

const defectCause = 'This is a defect of Banyan, not of what you did.'
const defectFix = 'Run it again with --debug and report what it prints.'

/** Where the page of an error is: at the origin that runs, else in the repository. */
function docsOf({ number, docs }: BanyanError, origin?: string): string {
  return origin === undefined ? docs : `${origin}/docs/errors/${number}`
}

/** What failed, why, what to do, and where to read on: at most twelve lines. */
export function errorLines(
  error: unknown,
  { talkPaint: paint }: Output,
  origin: string | undefined,
): readonly string[] {
  const [what, why, fix, last] =
    error instanceof BanyanError
      ? [
          error.message,
          errorRegistry[error.kind].cause,
          error.fix,
          `${error.code} · ${docsOf(error, origin)}`,
        ]
      : [messageOf(error), defectCause, defectFix, undefined]
  return [
    ...wrap(what, '').map(paint.bad),
    ...wrap(why, '  '),
    ...wrap(fix, '  ').map(paint.bold),
    ...(last === undefined ? [] : [paint.quiet(`  ${last}`)]),
  ].slice(0, maxLines)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Lines of at most the terminal's width, each behind `indent`; what is no terminal gets one. */
export function wrap(text: string, indent: string): string[] {
  const { isTTY, columns } = process.stderr
  const limit = isTTY ? Math.min(columns, width) - indent.length : Number.POSITIVE_INFINITY
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}
