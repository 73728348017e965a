import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { fail } from '@banyan/base'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Budget } from '../budget.js'
import type { BlockRecord } from '../history.js'
import { createDispatch } from '../json-rpc/dispatch.js'
import { rpcErrorOf } from '../json-rpc/errors.js'
import type { RpcContext } from '../json-rpc/method.js'
import { rpcMethods } from '../json-rpc/methods/index.js'
import { createSubscriptions, headText, type Subscriptions } from './subscriptions.js'

const pingMs = 30_000
const maxMessageBytes = 4 * 1024 * 1024
/** Final blocks that may wait until those before them are told. */
const maxBehind = 64

type Connection = {
  readonly subscriptions: Subscriptions
  isAlive: boolean
  turn: Promise<void>
  behind: number
}

/** Serves JSON-RPC with subscriptions over WebSocket. `allows` decides about an upgrade by its headers and its path. */
export function serveWebSockets(
  server: Server,
  context: RpcContext,
  budget: Budget,
  allows: (request: IncomingMessage) => boolean,
): { readonly close: () => void } {
  const { node, limits } = context
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  })
  const connections = new Map<WebSocket, Connection>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    if (!allows(request)) return refuse(socket, '403 Forbidden')
    if (connections.size >= limits.sockets) return refuse(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (connected) => open(connected))
  })

  const open = (socket: WebSocket): void => {
    const send = (text: string): boolean => sendBounded(socket, text, limits.queuedBytes)
    const subscriptions = createSubscriptions(context, send, randomBytes)
    const dispatch = createDispatch(context, { ...rpcMethods, ...subscriptions.methods })
    const connection: Connection = { subscriptions, isAlive: true, turn: Promise.resolve(), behind: 0 }
    connections.set(socket, connection)
    let waiting = 0
    const answer = async (text: string): Promise<void> => {
      if (waiting >= limits.requestsPerSocket) {
        const what = 'the number of requests of a connection that wait for an answer'
        fail('RequestLimitExceeded', { what, limit: limits.requestsPerSocket })
      }
      budget.take(text.length)
      waiting++
      try {
        const answered = await dispatch(text)
        if (answered !== undefined) send(answered)
      } finally {
        waiting--
        budget.give(text.length)
      }
    }
    socket.on('message', (message: RawData) => {
      answer(String(message)).catch((error: unknown) => {
        send(JSON.stringify({ jsonrpc: '2.0', id: null, error: rpcErrorOf(error) }))
      })
    })
    socket.on('pong', () => {
      connection.isAlive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => connections.delete(socket))
  }

  const endFinal = node.onFinal((block: BlockRecord) => {
    const head = headText(context, block)
    for (const [socket, connection] of connections) {
      // Blocks are told in their order, also where the logs of one take longer than the next block.
      connection.behind++
      if (connection.behind > maxBehind) socket.terminate()
      connection.turn = connection.turn
        .then(() => connection.subscriptions.onFinal(block, head))
        .catch(() => socket.terminate())
        .finally(() => connection.behind--)
    }
  })
  const endPending = node.onPending((ids) => {
    for (const { subscriptions } of connections.values()) subscriptions.onPending(ids)
  })
  const timer = setInterval(() => {
    for (const [socket, connection] of connections) {
      if (!connection.isAlive) socket.terminate()
      connection.isAlive = false
      socket.ping()
    }
  }, pingMs)
  timer.unref()

  return {
    close: () => {
      clearInterval(timer)
      endFinal()
      endPending()
      for (const socket of connections.keys()) socket.terminate()
      sockets.close()
    },
  }
}

/** Sends, unless too much waits for this socket already: then it is closed, and must come back to go on. */
function sendBounded(socket: WebSocket, text: string, limit: number): boolean {
  if (socket.readyState !== socket.OPEN) return false
  if (socket.bufferedAmount > limit) {
    socket.terminate()
    return false
  }
  socket.send(text)
  return true
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
}
