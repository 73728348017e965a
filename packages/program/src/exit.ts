import { BanyanError, errorRegistry } from '@banyan/base'

/** How a process ends. A signal that ends it at once gives 128 and the number of the signal. */
export const exitCodes = {
  /** It did what it was asked to. */
  done: 0,
  /** A defect: it crashed. */
  defect: 1,
  /** It could not start, for a reason that its user can remove. */
  refused: 2,
  /** It had to give up while it ran, such as for a full disk. */
  gaveUp: 3,
  /** It was asked to stop and did not in time. */
  late: 4,
} as const

/** An error as another process told it by `explain`. */
export type Explained = { readonly code: string; readonly message: string; readonly fix: string }

/** What a user reads: a sentence, why, and what to do. Whatever is a defect of the program is thrown again. */
export function explain(error: unknown): string {
  if (!(error instanceof BanyanError) || error.kind === 'InvariantBroken') throw error
  const { code, kind, message, fix, docs } = error
  return `${code}: ${message}\n  why: ${errorRegistry[kind].cause}\n${fixStart}${fix}\n  ${docs}`
}

/** The last error that these lines of a program explain. */
export function readExplained(lines: readonly string[]): Explained | undefined {
  const start = lines.findLastIndex((line) => explained.test(line))
  const [, code, message] = explained.exec(lines[start] ?? '') ?? []
  if (code === undefined || message === undefined) return undefined
  const fix = lines.slice(start + 1, start + 4).find((line) => line.startsWith(fixStart))
  return { code, message, fix: fix?.slice(fixStart.length) ?? '' }
}

const fixStart = '  fix: '
const explained = /^(BYN-\d+): (.+)$/
