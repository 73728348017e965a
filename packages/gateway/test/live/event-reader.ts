import { get, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import { createInbox, type Inbox } from './inbox.js'

export type StreamEvent = { readonly id: string | undefined; readonly event: string; readonly data: unknown }

export type EventReader = Pick<Inbox<StreamEvent>, 'next' | 'until'> & {
  readonly status: number
  readonly pause: () => void
  readonly resume: () => void
  readonly close: () => void
}

/** Reads server-sent events; resolves when the answer has begun. */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const inbox = createInbox<StreamEvent>()
  const request = get(url, { headers, agent: false })
  onTestFinished(() => {
    request.destroy()
  })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
  })
  request.on('error', () => {})
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    text += part
    const pieces = text.split('\n\n')
    text = pieces.pop()!
    for (const piece of pieces) if (!piece.startsWith(':')) inbox.push(parse(piece))
  })
  response.on('error', () => {})
  response.on('close', () => inbox.end())
  return {
    ...inbox,
    status: response.statusCode!,
    pause: () => response.pause(),
    resume: () => response.resume(),
    close: () => request.destroy(),
  }
}

function parse(piece: string): StreamEvent {
  const fields = new Map(
    piece.split('\n').map((line) => {
      const cut = line.indexOf(': ')
      return [line.slice(0, cut), line.slice(cut + 2)]
    }),
  )
  return {
    id: fields.get('id'),
    event: fields.get('event') ?? 'message',
    data: JSON.parse(fields.get('data')!),
  }
}
