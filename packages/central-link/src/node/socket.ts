import { type RawData, WebSocket } from 'ws'
import { maxMessageLength } from '../messages.js'

/** Bytes that may wait to be sent; beyond, the other side is too slow and must connect again. */
const maxWaitingBytes = 4 * 2 ** 20

/** Bytes of a message: four for a character at most. */
export const maxPayload = 4 * maxMessageLength

export function sendText(socket: WebSocket, text: string): void {
  if (socket.readyState !== WebSocket.OPEN) return
  if (socket.bufferedAmount > maxWaitingBytes) socket.terminate()
  else socket.send(text)
}

/** Text of a message; binary ones are no JSON and are refused as that. */
export function textOf(data: RawData, isBinary: boolean): string {
  return isBinary ? '' : String(data)
}
