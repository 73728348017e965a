import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { maxFrameBytes, type Offer, type Usage } from '@banyan/tunnel'
import { type MinerTunnel, serveMiner, socketOptions } from '@banyan/tunnel/node'
import { WebSocketServer } from 'ws'

/** The region's end of tunnels without a broker: a test gives requests to the miner itself. */

export type Answer = { readonly status: number; readonly text: string; readonly usage: Usage }

export async function openSmallRegion() {
  /** Tokens that work once, with the miner that they are for. */
  const tokens = new Map<string, string>()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const miner = tokens.get((JSON.parse(text) as { token: string }).token)
    tokens.clear()
    response.writeHead(miner === undefined ? 401 : 200)
    response.end(JSON.stringify({ miner, key: 'the-key' }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const sockets = new WebSocketServer({ noServer: true, ...socketOptions, maxPayload: maxFrameBytes })
  const offers: Offer[] = []
  const credentials: string[] = []
  const acked: string[] = []
  let tunnel: MinerTunnel | undefined
  server.on('upgrade', (request, socket, head) => {
    credentials.push(`${request.headers['banyan-miner']} ${request.headers.authorization}`)
    sockets.handleUpgrade(request, socket, head, (ws) => {
      tunnel = serveMiner(ws, socket as Socket, {
        welcome: { protocol: 1, ackMs: 1_000, pingMs: 1_000 },
        offer: (offer) => offers.push(offer),
        closed: () => {
          tunnel = undefined
        },
      })
    })
  })
  const { port } = server.address() as AddressInfo
  let count = 0
  /** Rejects with the reason where the miner fails the request. */
  const ask = (service: string, version: string, path: string, body?: Uint8Array): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const parts: Uint8Array[] = []
      let status = 0
      const take = (part: Uint8Array, usage: Usage | undefined): void => {
        parts.push(Uint8Array.from(part))
        tunnel?.consumed(stream, part.length)
        if (usage !== undefined) resolve({ status, text: Buffer.concat(parts).toString(), usage })
      }
      count++
      const head = {
        id: `r${count}`,
        service,
        version,
        method: body === undefined ? 'GET' : 'POST',
        path,
        headers: body === undefined ? [] : ['content-length', String(body.length)],
        deadlineMs: 30_000,
      }
      if (tunnel === undefined) return reject(new Error('no miner is connected'))
      const stream: number = tunnel.open(head, body ?? new Uint8Array(0), true, {
        acked: () => acked.push(path),
        response: (answered, part, usage) => {
          status = answered.status
          take(part, usage)
        },
        data: take,
        failed: ({ reason }) => reject(new Error(reason)),
        progress: () => undefined,
        drained: () => undefined,
      })
    })
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    offers,
    credentials,
    tokens,
    isConnected: () => tunnel !== undefined,
    /** Paths of requests that the miner has taken. */
    acked,
    ask,
    /** Breaks the connection. */
    cut: () => {
      for (const client of sockets.clients) client.terminate()
    },
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
