import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import { blockJson } from './block-form.js'
import type { Scope } from './route.js'

const commentMs = 15_000

/**
 * Streams final blocks from a height on, or from the next one. Nothing is queued: a client that reads slowly gets its blocks
 * later, from history. Ends when the client goes, or when a block is no longer kept. Errors: ParametersInvalid, BlockUnknown.
 */
export async function streamBlocks(
  { node }: Scope,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  from: number | undefined,
): Promise<void> {
  let next = startOf(request, from) ?? node.head().header.height + 1
  if (next < node.history.oldest()) fail('BlockUnknown', { block: next })
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write(': final blocks\n\n')
  let wake = (): void => undefined
  const end = node.onFinal(() => wake())
  response.on('close', () => wake())
  const timer = setInterval(() => response.writableLength === 0 && response.write(': \n\n'), commentMs)
  try {
    while (!response.destroyed) {
      if (next > node.head().header.height) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const block = await node.history.blockAt(next)
      if (block === undefined) break
      const text = JSON.stringify(blockJson(block))
      if (!response.write(`id: ${next}\nevent: block\ndata: ${text}\n\n`)) await drained(response)
      next++
    }
  } finally {
    clearInterval(timer)
    end()
    response.end()
  }
}

/** Where a client wants to start: after the last event that it saw, or where it asks to. */
function startOf(request: IncomingMessage, from: number | undefined): number | undefined {
  const last = request.headers['last-event-id']
  if (last === undefined) return from
  if (typeof last !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(last)) {
    fail('ParametersInvalid', { reason: 'Last-Event-ID is the height of a block' })
  }
  return Number(last) + 1
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const stop = new AbortController()
  const { signal } = stop
  const gone = once(response, 'close', { signal }).catch(() => undefined)
  await Promise.race([once(response, 'drain', { signal }).catch(() => undefined), gone])
  stop.abort()
}
