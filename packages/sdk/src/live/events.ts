import { limited } from '../abort.js'
import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import { type Block, readBlock } from '../read/blocks.js'

/** The node sends a comment at least every 15 s: after this long without a byte the connection is dead. */
const silenceMs = 40_000
/** No event is longer. */
const maxEventLength = 2 ** 16

/**
 * Reads final blocks from a height on, as the node sends them (HTML Standard, "Server-sent events"), until the stream
 * ends or fails. `fetch` serves in workers and Node too, which lack `EventSource`. Errors: NodeSilent, AnswerStrange.
 */
export async function readEvents(
  client: Client,
  from: number,
  signal: AbortSignal,
  onBlock: (block: Block) => void,
): Promise<void> {
  const url = `${client.url}/v1/events?from=${from}`
  const silence = limited(signal, silenceMs)
  try {
    const response = await client.fetch(url, { signal: silence.signal })
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok || !response.body || !type.startsWith('text/event-stream')) {
      await response.body?.cancel()
      throw clientError('AnswerStrange', { url, reason: 'it is no stream of events' })
    }
    const decoder = new TextDecoder()
    const reader = response.body.getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      silence.restart()
      text += decoder.decode(value, { stream: true })
      const events = text.split('\n\n')
      text = events.pop()!
      if (text.length > maxEventLength)
        throw clientError('AnswerStrange', { url, reason: 'an event is too long' })
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        if (data !== undefined) onBlock(readBlock(JSON.parse(data)))
      }
    }
  } finally {
    silence.end()
  }
}
