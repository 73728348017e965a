import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectMiner, type WorkHandler } from '@banyan/tunnel/node'
import { minerKey } from './keys.js'

/** A miner in a process of its own; the same service also listens on a port, for proxies to compare with. */

const [url = '', miner = ''] = process.argv.slice(2)
const reply = Buffer.alloc(1_024, 'x')
const piece = Buffer.alloc(2 ** 16)
const usage = { cpuMs: 0, peakMemoryBytes: 0 }
const headers = ['content-type', 'text/plain', 'content-length', String(reply.length)]

const handler: WorkHandler = async (request) => {
  if (request.path.startsWith('/hang')) return new Promise(() => undefined)
  if (request.path.startsWith('/down/')) {
    const size = Number(request.path.slice(6))
    return {
      status: 200,
      headers: ['content-length', String(size)],
      body: (async function* () {
        for (let sent = 0; sent < size; sent += piece.length) yield piece
      })(),
      usage: () => usage,
    }
  }
  for await (const _ of request.body);
  return { status: 200, headers, body: reply, usage: () => usage }
}

const server = createServer((_request, response) => {
  response.writeHead(200, headers)
  response.end(reply)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  connectMiner(
    {
      url,
      miner,
      key: minerKey,
      services: [{ name: 'bench', version: '1', concurrency: 256, warm: true }],
      maxRequests: 256,
      changed: (state) => {
        if (state.kind === 'connected') process.send?.({ port })
      },
    },
    handler,
  )
})
process.on('disconnect', () => process.exit(0))
