import { request as ask, createServer } from 'node:http'
import { pipeline } from 'node:stream'
import { banyanError } from '@banyan/base'

/** A request that was answered. */
export type LoggedRequest = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** Serves a port of the loopback interface by handing requests on to the port that `target` tells. Error: ListenFailed. */
export async function serveRequests(
  port: number,
  target: () => Promise<number>,
  onRequest: (request: LoggedRequest) => void,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    const begun = performance.now()
    let bytesIn = 0
    let bytesOut = 0
    incoming.on('data', (part: Buffer) => {
      bytesIn += part.length
    })
    outgoing.once('close', () =>
      onRequest({
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        status: outgoing.statusCode,
        milliseconds: performance.now() - begun,
        bytesIn,
        bytesOut,
      }),
    )
    const refuse = (error: unknown): void => {
      if (outgoing.headersSent) outgoing.destroy()
      else
        outgoing
          .writeHead(502, { 'content-type': 'text/plain' })
          .end(`The DService gave no answer: ${error}\n`)
    }
    // Listening for data has let it flow; it must wait until there is somewhere to go.
    incoming.pause()
    target().then((inner) => {
      const { method, url: path, headers } = incoming
      const asked = ask({ host: '127.0.0.1', port: inner, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.on('data', (part: Buffer) => {
          bytesOut += part.length
        })
        pipeline(answer, outgoing, () => undefined)
      })
      asked.once('error', refuse)
      pipeline(incoming, asked, () => undefined)
    }, refuse)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(banyanError('ListenFailed', { addresses: `127.0.0.1:${port}` }, error)),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const bound = server.address()
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
