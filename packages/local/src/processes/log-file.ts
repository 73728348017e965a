import { appendFileSync, renameSync, statSync } from 'node:fs'

/** Bytes after which a log begins anew; one older file stays beside it. */
const fileBytes = 4 * 2 ** 20
const keptLines = 200
const lineCharacters = 4_096

/** What a part prints: the newest lines in memory, and all of it in a file of bounded size. */
export type PartLog = {
  readonly write: (line: string) => void
  /** Newest last. */
  readonly last: (count: number) => readonly string[]
}

/** A log at this path. When it cannot be written, as on a full disk, the lines in memory are all there is. */
export function openPartLog(path: string): PartLog {
  const lines: string[] = []
  let size = sizeOf(path)
  return {
    write: (line) => {
      const text = line.slice(0, lineCharacters)
      lines.push(text)
      if (lines.length > keptLines) lines.shift()
      try {
        if (size > fileBytes) {
          renameSync(path, `${path}.1`)
          size = 0
        }
        appendFileSync(path, `${text}\n`)
        size += Buffer.byteLength(text) + 1
      } catch {
        // A log that is lost must not take the network with it.
      }
    },
    last: (count) => lines.slice(-count),
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** A line of a log as people read it: of JSON, level and message; of anything else, the line. */
export function plainLine(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { msg, level, error } = JSON.parse(line) as {
      msg?: string
      level?: string
      error?: { message?: string }
    }
    if (typeof msg !== 'string') return line
    const prefix = level === undefined || level === 'info' ? '' : `${level}: `
    return `${prefix}${msg}${typeof error?.message === 'string' ? `: ${error.message}` : ''}`
  } catch {
    return line
  }
}
