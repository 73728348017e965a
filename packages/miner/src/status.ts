import { createServer } from 'node:http'
import { fail } from '@banyan/base'
import { closeServer, listenOn, urlOf } from '@banyan/http-api/server'

/** Hosts by which a page on this machine asks; others would be names of somebody else that lead here. */
const ownHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

export type StatusServer = { readonly address: string; readonly close: () => Promise<void> }

/** Serves the state of a miner as JSON at `/status` on the loopback interface, for its owner. Error: ListenFailed. */
export async function serveStatus(port: number, state: () => unknown): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const isOwn = ownHost.test(request.headers.host ?? '')
    const status = !isOwn ? 403 : request.method !== 'GET' ? 405 : request.url === '/status' ? 200 : 404
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(status === 200 ? JSON.stringify(state()) : '{}')
  })
  const bound = await listenOn(server, port, '127.0.0.1').catch((error: unknown) =>
    fail('ListenFailed', { addresses: `127.0.0.1:${port}` }, error),
  )
  return { address: `${urlOf('127.0.0.1', bound)}/status`, close: () => closeServer(server) }
}
