import { asAddress, asHash, concatBytes } from '@banyan/base'
import type { Log } from '@banyan/ledger'

/** What a chunk stores of the logs of a transaction: those of calls; of packages, which items were applied. */
export type StoredLogs =
  | { readonly kind: 'logs'; readonly logs: readonly Log[] }
  | { readonly kind: 'items'; readonly applied: Uint8Array }

const fixed = 6

/** `row` ‖ kind ‖ number or length ‖ content. docs/node.md "Logs". */
export function encodeLogs(row: number, stored: StoredLogs): Uint8Array {
  const start = Buffer.alloc(fixed)
  start[0] = row
  if (stored.kind === 'items') {
    start[1] = 1
    start.writeUInt32LE(stored.applied.length, 2)
    return concatBytes(start, stored.applied)
  }
  start.writeUInt32LE(stored.logs.length, 2)
  return concatBytes(start, ...stored.logs.map(encodeLog))
}

function encodeLog({ address, topics, data }: Log): Uint8Array {
  const lengths = Buffer.alloc(5)
  lengths[0] = topics.length
  lengths.writeUInt32LE(data.length, 1)
  return concatBytes(lengths, address, ...topics, data)
}

/** What `encodeLogs` made, back to back, by row. */
export function decodeLogs(bytes: Buffer): ReadonlyMap<number, StoredLogs> {
  const found = new Map<number, StoredLogs>()
  let at = 0
  while (at < bytes.length) {
    const row = bytes[at]!
    const isItems = bytes[at + 1] === 1
    const count = bytes.readUInt32LE(at + 2)
    at += fixed
    if (isItems) {
      found.set(row, { kind: 'items', applied: take(count) })
      continue
    }
    const logs: Log[] = []
    while (logs.length < count) logs.push(takeLog())
    found.set(row, { kind: 'logs', logs })
  }
  return found

  function take(length: number): Uint8Array {
    at += length
    return Uint8Array.from(bytes.subarray(at - length, at))
  }

  function takeLog(): Log {
    const topicCount = bytes[at]!
    const length = bytes.readUInt32LE(at + 1)
    at += 5
    const address = asAddress(take(20))
    const topics = Array.from({ length: topicCount }, () => asHash(take(32)))
    return { address, topics, data: take(length) }
  }
}
