/** What happened in a scenario: a running hash of all of it, and on request a line of text for each event. */
export type Trace = {
  /** Adds an event; `text` is asked for only if somebody reads the lines. */
  readonly add: (time: number, code: number, a: number, b: number, text: () => string) => void
  /** 16 hexadecimal digits; equal for runs that went the same way. */
  readonly hash: () => string
}

/** Two FNV-1a hashes of the words of all events, with different starts. */
export function createTrace(print?: (line: string) => void): Trace {
  let low = 0x811c9dc5
  let high = 0x050c5d1f
  function mix(word: number): void {
    low = Math.imul(low ^ word, 0x01000193)
    high = Math.imul(high ^ (word >>> 7) ^ (word << 11), 0x01000193)
  }
  return {
    add(time, code, a, b, text) {
      mix(time)
      mix(code)
      mix(a)
      mix(b)
      print?.(`${time.toFixed(0).padStart(8)} ${text()}`)
    },
    hash: () => [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}
