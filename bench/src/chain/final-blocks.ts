import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

/** A final block, when this process learned of it (ms of `performance.now`). */
export type FinalBlock = { readonly height: number; readonly included: number; readonly at: number }

/** Final blocks of a node as they come, from one that is asked for its events. */
export type FinalBlocks = {
  readonly seen: readonly FinalBlock[]
  /** Transactions in them. */
  readonly included: () => number
  /** Resolves with the next block. */
  readonly next: () => Promise<void>
  readonly close: () => void
}

/** Follows the event stream of a node. */
export async function followFinalBlocks(rpc: string): Promise<FinalBlocks> {
  const stop = new AbortController()
  const response = await fetch(`${rpc}/v1/events`, { signal: stop.signal })
  const seen: FinalBlock[] = []
  let included = 0
  let waiting: (() => void)[] = []
  const body = Readable.fromWeb(response.body as ReadableStream)
  // It ends with an error when it is closed.
  body.on('error', () => undefined)
  const lines = createInterface({ input: body })
  lines.on('line', (line) => {
    if (!line.startsWith('data: ')) return
    const block = JSON.parse(line.slice(6)) as { height: number; included: number }
    seen.push({ height: block.height, included: block.included, at: performance.now() })
    included += block.included
    for (const resolve of waiting.splice(0)) resolve()
  })
  return {
    seen,
    included: () => included,
    next: () =>
      new Promise((resolve) => {
        waiting = [...waiting, resolve]
      }),
    close: () => {
      lines.close()
      stop.abort()
    },
  }
}
