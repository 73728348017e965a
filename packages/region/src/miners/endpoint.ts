import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { maxFrameBytes, type Offer } from '@banyan/tunnel'
import { type MinerTunnel, serveMiner, socketOptions } from '@banyan/tunnel/node'
import { WebSocketServer } from 'ws'
import type { Guesses } from '../accounts/guesses.js'
import type { Accounts, MinerAccount } from '../accounts/port.js'
import type { Region } from '../region.js'

/** Where miners connect. */
export type MinerEndpoint = { readonly close: () => void }

export type MinerEndpointParts = {
  readonly region: Region
  readonly accounts: Accounts
  readonly guesses: Guesses
  readonly maxMiners: number
  readonly pingMs: number
  readonly changed: (what: string, miner: string, reason: string) => void
  /** Credentials of a miner were good. */
  readonly admitted: (account: MinerAccount) => void
}

const maxKey = 1_024

/** Takes tunnels of miners at a server: credentials are checked before there is a WebSocket. */
export function serveMiners(server: Server, parts: MinerEndpointParts): MinerEndpoint {
  const { region, accounts, guesses, maxMiners } = parts
  const sockets = new WebSocketServer({ noServer: true, ...socketOptions, maxPayload: maxFrameBytes })
  const joined = new Map<MinerTunnel, string>()
  let isClosed = false

  // They may come back, and are checked again.
  accounts.onRevoked?.((ids) => {
    for (const [tunnel, miner] of joined) if (ids === undefined || ids.has(miner)) tunnel.close()
  })

  const admit = async (request: IncomingMessage, socket: Socket, first: Buffer): Promise<void> => {
    const address = request.socket.remoteAddress ?? ''
    if (guesses.isBarred(address)) return refuse(socket, '429 Too Many Requests')
    if (isClosed || sockets.clients.size >= maxMiners) return refuse(socket, '503 Service Unavailable')
    const id = String(request.headers['banyan-miner'] ?? '')
    const key = /^Bearer ([\x21-\x7e]+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const account = id.length + key.length > maxKey ? undefined : await accounts.miner(id, key)
    if (account === undefined) {
      guesses.refused(address)
      return refuse(socket, '401 Unauthorized')
    }
    parts.admitted(account)
    if (!socket.destroyed) sockets.handleUpgrade(request, socket, first, (ws) => open(ws, socket, account))
  }

  const open = (ws: Parameters<typeof serveMiner>[0], socket: Socket, account: MinerAccount): void => {
    let link: number | undefined
    const offered = (offer: Offer): void => {
      if (link === undefined) {
        link = region.addTunnel(tunnel)
        parts.changed('joined', account.miner, '')
        region.step({ kind: 'joined', link, miner: account.miner, tier: account.tier, offer })
      } else region.step({ kind: 'offer', link, offer })
    }
    const measuring = setInterval(() => {
      const ms = tunnel.rttMs()
      if (link !== undefined && ms !== undefined) region.step({ kind: 'rtt', link, ms })
    }, parts.pingMs)
    const tunnel: MinerTunnel = serveMiner(ws, socket, {
      welcome: { protocol: 1, ackMs: region.broker.limits.ackMs, pingMs: parts.pingMs },
      offer: offered,
      closed: (error) => {
        clearInterval(measuring)
        joined.delete(tunnel)
        if (link !== undefined) region.removeTunnel(link)
        parts.changed('left', account.miner, error.message)
      },
    })
    joined.set(tunnel, account.miner)
  }

  server.on('upgrade', (request, socket, first) => {
    socket.on('error', () => socket.destroy())
    admit(request, socket as Socket, first).catch(() => refuse(socket as Socket, '503 Service Unavailable'))
  })
  return {
    close: () => {
      isClosed = true
      for (const client of sockets.clients) client.terminate()
    },
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
