import { encodeRecordHeader, recordHeaderBytes } from './format.js'
import { type ChainPoint, createSegment, type LogState } from './segment.js'

/** Starts the next segment. The current one is durable. */
export async function rollSegment(state: LogState): Promise<void> {
  const { file, start } = await createSegment(state.disk, state.options, state.end.next, state.end.previous)
  const old = state.file
  state.file = file
  state.end = start
  state.segments.push(start.next)
  await old.close()
}

/** Appends one record per payload with one write and one sync; when it resolves they are durable. */
export async function writeBatch(
  state: LogState,
  payloads: readonly (readonly Uint8Array[])[],
): Promise<void> {
  const headers = new Uint8Array(payloads.length * recordHeaderBytes)
  const parts: Uint8Array[] = []
  const starts: ChainPoint[] = []
  let { offset, next, previous } = state.end
  for (const [batch, payload] of payloads.entries()) {
    starts.push({ offset, next, previous })
    const header = headers.subarray(batch * recordHeaderBytes, (batch + 1) * recordHeaderBytes)
    previous = encodeRecordHeader(
      state.disk,
      state.options.identity,
      header,
      { sequence: next, batch, previous },
      payload,
    )
    for (const part of [header, ...payload]) {
      parts.push(part)
      offset += part.length
    }
    next++
  }
  await state.file.append(parts)
  await state.file.sync()
  for (const start of starts) state.marks.note(state.segments.at(-1)!, start)
  state.end = { offset, next, previous }
}
