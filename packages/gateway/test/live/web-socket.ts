import { decode, encode } from 'cborg'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createInbox, type Inbox } from './inbox.js'

export type Said = Readonly<Record<string, unknown>>

export type SocketClient = Pick<Inbox<Said>, 'next' | 'until'> & {
  readonly say: (message: object) => void
  readonly raw: WebSocket
}

const encodeJson = (message: object): string => JSON.stringify(message)
const decodeJson = (data: Buffer): Said => JSON.parse(data.toString()) as Said

/** A client that says one object in each message, as JSON, or as CBOR if that is the subprotocol; resolves when it is connected. */
export async function openSocket(
  url: string,
  protocol: string | undefined,
  headers: Record<string, string> = {},
): Promise<SocketClient> {
  const raw = new WebSocket(url.replace('http', 'ws'), protocol === undefined ? [] : [protocol], { headers })
  onTestFinished(() => raw.terminate())
  const isCbor = protocol === 'banyan.v1.cbor'
  const inbox = createInbox<Said>()
  raw.on('message', (data) =>
    inbox.push(isCbor ? (decode(data as Buffer) as Said) : decodeJson(data as Buffer)),
  )
  raw.on('close', () => inbox.end())
  await new Promise((resolve, reject) => {
    raw.on('open', resolve).on('error', reject)
  })
  return { ...inbox, say: (message) => raw.send(isCbor ? encode(message) : encodeJson(message)), raw }
}

/** The status with which a WebSocket is refused. */
export function refusedWith(
  url: string,
  protocols: string[],
  headers: Record<string, string> = {},
): Promise<number> {
  const raw = new WebSocket(url.replace('http', 'ws'), protocols, { headers })
  return new Promise((resolve, reject) => {
    raw.on('unexpected-response', (_, response) => resolve(response.statusCode!))
    raw.on('open', () => reject(new Error('it was accepted')))
    raw.on('error', () => {})
  })
}
