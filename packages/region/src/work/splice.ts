import { crc32 } from 'node:zlib'

/**
 * Continues an answer that broke off with the answer of another miner. Services are pure: the same request gives the same
 * bytes. That is checked for what the client has already, by length and CRC-32; then only the rest is passed on.
 */
export type Splice = {
  /** What the client was sent. */
  readonly sent: (bytes: Uint8Array) => void
  /** Another answer begins. */
  readonly restart: () => void
  /** What of this piece is new to the client; undefined if the answers differ. */
  readonly take: (bytes: Uint8Array) => Uint8Array | undefined
  /** Bytes that the client was sent. */
  readonly size: () => number
  /** Whether the answer that runs has come as far as the client is. */
  readonly hasCaughtUp: () => boolean
}

export function createSplice(): Splice {
  let size = 0
  let sum = 0
  let seen = 0
  let seenSum = 0
  let isBehind = false
  return {
    sent: (bytes) => {
      size += bytes.length
      sum = crc32(bytes, sum)
    },
    restart: () => {
      seen = 0
      seenSum = 0
      isBehind = size > 0
    },
    take: (bytes) => {
      if (!isBehind) return bytes
      const known = bytes.subarray(0, size - seen)
      seen += known.length
      seenSum = crc32(known, seenSum)
      if (seen < size) return bytes.subarray(bytes.length)
      isBehind = false
      return seenSum === sum ? bytes.subarray(known.length) : undefined
    },
    size: () => size,
    hasCaughtUp: () => !isBehind,
  }
}
