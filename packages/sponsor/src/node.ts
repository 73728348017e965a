import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'

/** Only the path of a request counts. */
const base = 'http://localhost'

/** Serves a handler of Web requests by Node's HTTP server: `createServer(toListener(handler))`. */
export function toListener(
  handler: (request: Request) => Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const { method = 'GET', headers, url = '/' } = incoming
    if (!URL.canParse(url, base)) {
      outgoing.writeHead(400).end()
      return
    }
    const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
    const init: RequestInit & { duplex?: 'half' } = { method, headers: headersOf(headers) }
    if (hasBody) {
      init.body = Readable.toWeb(incoming) as NodeStream as ReadableStream
      init.duplex = 'half'
    }
    const response = await handler(new Request(new URL(url, base), init))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(await response.text())
  }
}

function headersOf(headers: IncomingMessage['headers']): Headers {
  const found = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') found.set(name, value)
  }
  return found
}
