import type { Spool, SpoolFile } from './spool.js'

/** The body of a request, kept so that another miner can get it from its start: in memory, then in a file, up to a bound. */
export type Replay = {
  readonly add: (bytes: Uint8Array) => void
  /** Nothing follows. */
  readonly end: () => void
  readonly size: () => number
  readonly isWhole: () => boolean
  /** The piece at an offset; undefined if it has not come yet, or is being read: `ready` tells when it is there. */
  readonly at: (offset: number) => Uint8Array | undefined
  /** What is before the offset has been sent: memory that is not needed any more is freed. */
  readonly sent: (offset: number) => void
  /** All of the body; undefined if it is not in memory. */
  readonly all: () => readonly Uint8Array[] | undefined
  /** Frees what it holds. */
  readonly drop: () => void
}

/** Bytes kept in memory for all requests of a region, and for each. */
export type ReplayBudget = { readonly total: number; readonly each: number; used: number }

/** Of a request without a body. */
export const noReplay: Replay = {
  add: () => undefined,
  end: () => undefined,
  size: () => 0,
  isWhole: () => true,
  at: () => undefined,
  sent: () => undefined,
  all: () => [],
  drop: () => undefined,
}

export type ReplayParts = {
  readonly budget: ReplayBudget
  readonly spool: Spool
  /** Called once, when the body can be sent only once any more. */
  readonly lost: () => void
  /** A piece that was asked for has been read. */
  readonly ready: () => void
}

/** Pieces from the file are as large as those from sockets. */
const pieceBytes = 2 ** 16

export function createReplay({ budget, spool, lost, ready }: ReplayParts): Replay {
  const pieces: Uint8Array[] = []
  /** Offset of the first piece. */
  let start = 0
  let size = 0
  let whole = false
  /** Where the body is kept; what is `once` there has been freed in part, or will be. */
  let kept: 'memory' | 'file' | 'once' = 'memory'
  let file: SpoolFile | undefined
  /** Of the file: what was read last. */
  let read: { readonly offset: number; readonly bytes: Uint8Array } = { offset: 0, bytes: new Uint8Array(0) }
  let isReading = false
  /** The piece that was asked for last, so that reading on is quick. */
  let index = 0
  let indexAt = 0

  const free = (count: number): void => {
    for (const piece of pieces.splice(0, count)) {
      start += piece.length
      budget.used -= piece.length
    }
    index = 0
    indexAt = start
  }
  const lose = (): void => {
    kept = 'once'
    lost()
  }
  const toFile = (): void => {
    file = spool.open()
    kept = 'file'
    if (file === undefined || !pieces.every(file.append)) lose()
  }
  const readOn = (offset: number): void => {
    if (isReading || file === undefined) return
    isReading = true
    file.read(offset).then((bytes) => {
      isReading = false
      // What cannot be read is not sent: the timers of the request end it.
      if (bytes === undefined) return
      read = { offset, bytes }
      ready()
    })
  }
  const fromFile = (offset: number): Uint8Array | undefined => {
    const at = offset - read.offset
    if (at >= 0 && at < read.bytes.length) return read.bytes.subarray(at, at + pieceBytes)
    readOn(offset)
    return undefined
  }
  return {
    add: (bytes) => {
      pieces.push(bytes)
      size += bytes.length
      budget.used += bytes.length
      if (kept === 'file' && !file!.append(bytes)) lose()
      else if (kept === 'memory' && (size > budget.each || budget.used > budget.total)) toFile()
    },
    end: () => {
      whole = true
    },
    size: () => size,
    isWhole: () => whole,
    at: (offset) => {
      if (offset < start) return fromFile(offset)
      if (offset < indexAt) {
        index = 0
        indexAt = start
      }
      while (index < pieces.length && indexAt + pieces[index]!.length <= offset) {
        indexAt += pieces[index]!.length
        index++
      }
      const piece = pieces[index]
      return piece === undefined ? undefined : piece.subarray(offset - indexAt)
    },
    sent: (offset) => {
      if (kept === 'memory') return
      const most = kept === 'file' ? Math.min(offset, file!.written()) : offset
      let count = 0
      let end = start
      while (count < pieces.length && end + pieces[count]!.length <= most) end += pieces[count++]!.length
      free(count)
    },
    all: () => (kept === 'memory' ? [...pieces] : undefined),
    drop: () => {
      free(pieces.length)
      file?.drop()
    },
  }
}
