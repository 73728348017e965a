/** Bytes that a process sees in one file, the bytes that are durable, and the changes between the two. */
export type SimulatedFile = {
  readonly seen: Growing
  readonly durable: Growing
  pending: Change[]
}

export type Change = {
  readonly operation: 'write' | 'truncate'
  readonly offset: number
  /** Empty for `truncate`. */
  readonly bytes: Uint8Array
  /** A failed sync lost it: no later sync can make it durable, although the process still sees it. */
  lost: boolean
}

/** Growing byte array; bytes that were skipped are zero. */
export type Growing = { bytes: Uint8Array; length: number }

export function growing(): Growing {
  return { bytes: new Uint8Array(64), length: 0 }
}

export function writeAt(target: Growing, offset: number, bytes: Uint8Array): void {
  const end = offset + bytes.length
  if (end > target.bytes.length) {
    const larger = new Uint8Array(end * 2)
    larger.set(target.bytes.subarray(0, target.length))
    target.bytes = larger
  }
  target.bytes.set(bytes, offset)
  target.length = Math.max(target.length, end)
}

function shorten(target: Growing, length: number): void {
  if (length >= target.length) return
  target.bytes.fill(0, length, target.length)
  target.length = length
}

function apply(target: Growing, change: Change, kept: number): void {
  if (change.operation === 'write') writeAt(target, change.offset, change.bytes.subarray(0, kept))
  else shorten(target, change.offset)
}

/** Changes what the process sees; the change is durable only later, if at all. */
export function change(
  file: SimulatedFile,
  operation: Change['operation'],
  offset: number,
  bytes: Uint8Array,
): void {
  const made: Change = { operation, offset, bytes: bytes.slice(), lost: false }
  apply(file.seen, made, bytes.length)
  file.pending.push(made)
}

/** Makes all changes durable but those that an earlier sync lost. */
export function syncFile(file: SimulatedFile): void {
  for (const made of file.pending) if (!made.lost) apply(file.durable, made, made.bytes.length)
  file.pending = file.pending.filter((made) => made.lost)
}

/** Keeps of every pending change as many bytes as `kept` says, and forgets the rest. */
export function losePower(file: SimulatedFile, kept: (change: Change) => number): void {
  for (const made of file.pending) {
    const bytes = kept(made)
    if (bytes > 0) apply(file.durable, made, bytes)
  }
  file.pending = []
  file.seen.bytes = file.durable.bytes.slice()
  file.seen.length = file.durable.length
}
