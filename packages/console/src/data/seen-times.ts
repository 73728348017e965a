import { watchHead } from '@banyan/sdk'
import { client } from './client.js'

const keptBlocks = 240

/** When this browser saw blocks become final, ms since the Unix epoch, by height; of the blocks that it saw live. */
const seenAt = new Map<number, number>()

export function seenTimes(): ReadonlyMap<number, number> {
  return seenAt
}

/** Notes the times of new blocks until the signal is aborted. */
export async function noteTimes(signal: AbortSignal): Promise<void> {
  for await (const { height } of watchHead(client, { signal })) {
    seenAt.set(height, Date.now())
    seenAt.delete(height - keptBlocks)
  }
}
