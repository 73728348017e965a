/** What a message belongs to: votes pass by data that wait to be sent. */
export type Lane = 'votes' | 'data'

/** The network interface of a validator: bytes queue on their way out and on their way in. */
export type Port = {
  /** When the last of so many bytes, ready at `from`, has left. */
  readonly send: (lane: Lane, from: number, bytes: number) => number
  /** When the last of so many bytes, which came at `at`, has been read. Called in the order of time. */
  readonly receive: (at: number, bytes: number) => number
  /** Bytes that it was given to send, and those of them that have left. */
  readonly sent: () => number
  readonly left: (now: number) => number
  /** Bytes that have come in. */
  readonly received: () => number
}

/** Data that the socket holds already goes before a vote. */
const socketBytes = 256 * 1024

/** `up` and `down` in bytes per µs. */
export function createPort(up: number, down: number): Port {
  let votesUntil = 0
  let dataUntil = 0
  let readUntil = 0
  let sent = 0
  let received = 0
  return {
    send(lane, from, bytes) {
      sent += bytes
      const time = bytes / up
      if (lane === 'data') {
        dataUntil = Math.max(dataUntil, votesUntil, from) + time
        return dataUntil
      }
      const held = Math.min(Math.max(dataUntil - from, 0), socketBytes / up)
      votesUntil = Math.max(votesUntil, from + held) + time
      // The data behind it waits as long as the vote takes.
      if (dataUntil > from) dataUntil += time
      return votesUntil
    },
    receive(at, bytes) {
      received += bytes
      readUntil = Math.max(readUntil, at) + bytes / down
      return readUntil
    },
    sent: () => sent,
    left: (now) => sent - Math.max(0, Math.max(dataUntil, votesUntil) - now) * up,
    received: () => received,
  }
}
