import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const maxLines = 200
const maxLength = 1_000

/** The last lines of some streams, each of bounded length. */
export type LogLines = {
  readonly follow: (stream: Readable) => void
  readonly lines: () => readonly string[]
}

export function createLogLines(): LogLines {
  const lines: string[] = []
  return {
    follow: (stream) => {
      let length = 0
      // A line that never ends must not fill the memory.
      stream.on('data', (part: Buffer) => {
        length = part.includes(10) ? 0 : length + part.length
        if (length > 1_048_576) stream.destroy()
      })
      createInterface(stream).on('line', (line) => {
        lines.push(line.slice(0, maxLength))
        if (lines.length > maxLines) lines.shift()
      })
      stream.on('error', () => undefined)
    },
    lines: () => [...lines],
  }
}
