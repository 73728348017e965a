import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { maxFrameBytes, type Offer, type RequestHead, type Usage } from '@banyan/tunnel'
import { type MinerTunnel, serveMiner, socketOptions } from '@banyan/tunnel/node'
import { WebSocketServer } from 'ws'

/** A region that takes one miner at a time and gives it requests: no more than a test of the tunnel needs. */

export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer; readonly usage: Usage }
  | { readonly kind: 'failed'; readonly reason: string; readonly busy: boolean }

export async function startRegion(key: string) {
  let joined: (tunnel: MinerTunnel) => void = () => undefined
  let next = new Promise<MinerTunnel>((resolve) => {
    joined = resolve
  })
  const offers: Offer[] = []
  const sockets = new WebSocketServer({ noServer: true, ...socketOptions, maxPayload: maxFrameBytes })
  const server = createServer()
  server.on('upgrade', (request, socket, first) => {
    if (request.headers.authorization !== `Bearer ${key}`) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, first, (ws) => {
      const tunnel: MinerTunnel = serveMiner(ws, socket as Socket, {
        welcome: { protocol: 1, ackMs: 250, pingMs: 5_000 },
        offer: (offer) => {
          offers.push(offer)
          joined(tunnel)
        },
        closed: () => {
          next = new Promise((resolve) => {
            joined = resolve
          })
        },
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    offers,
    miner: () => next,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export const head: RequestHead = {
  id: 'r-1',
  service: 'echo',
  version: '1',
  method: 'POST',
  path: '/',
  headers: [],
  deadlineMs: 60_000,
}

/** Gives a request with a whole body, and collects the answer. `onStream` can interfere. */
export function ask(
  tunnel: MinerTunnel,
  body: Uint8Array,
  onStream: (stream: number) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let status = 0
    let stream = 0
    const take = (bytes: Uint8Array, usage: Usage | undefined): void => {
      parts.push(Buffer.from(bytes))
      tunnel.consumed(stream, bytes.length)
      if (usage !== undefined) resolve({ kind: 'answered', status, body: Buffer.concat(parts), usage })
    }
    stream = tunnel.open(head, body, true, {
      acked: () => onStream(stream),
      response: (answer, bytes, usage) => {
        status = answer.status
        take(bytes, usage)
      },
      data: take,
      failed: ({ reason, busy }) => resolve({ kind: 'failed', reason, busy }),
      progress: () => undefined,
      drained: () => undefined,
    })
  })
}
