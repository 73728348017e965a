import { fail } from '@banyan/base'
import { windowBytes } from './outgoing.js'

/** What one end has received and not taken yet, for each stream. */
export type Incoming = Map<number, { unread: number; ungranted: number }>

/** Smaller grants are saved up, so that credits are few beside data. */
const grantBytes = windowBytes / 2

/** Counts what came. Error: TunnelCreditExceeded. */
export function receive(incoming: Incoming, stream: number, bytes: number): void {
  const receiving = incoming.get(stream)
  if (receiving === undefined) return
  receiving.unread += bytes
  const excess = receiving.unread + receiving.ungranted - windowBytes
  if (excess > 0) fail('TunnelCreditExceeded', { stream, bytes: excess })
}

/** The user of the stream took bytes. Returns what to grant the other end now, perhaps 0. */
export function consume(incoming: Incoming, stream: number, bytes: number): number {
  const receiving = incoming.get(stream)
  if (receiving === undefined) return 0
  const taken = Math.min(bytes, receiving.unread)
  receiving.unread -= taken
  receiving.ungranted += taken
  if (receiving.ungranted < grantBytes) return 0
  const grant = receiving.ungranted
  receiving.ungranted = 0
  return grant
}
