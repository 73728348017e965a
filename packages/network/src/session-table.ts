import type { Connection } from '@libp2p/interface'
import type { PeerId } from './network.js'
import type { NetworkLimits } from './options.js'
import type { Session } from './session.js'

/** The sessions of a node, one for each peer. */
export type SessionTable = {
  readonly get: (peer: PeerId) => Session | undefined
  readonly ready: (peer: PeerId) => Session | undefined
  readonly readyPeers: () => readonly PeerId[]
  readonly size: () => number
  /** The session of a connection; undefined if that is not the one in use. */
  readonly of: (connection: Connection) => Session | undefined
  /**
   * Opens a session over a new connection. Closes the connection instead if the peer's session stays, or if it is inbound
   * and the node has its peers; those that were taken while handshakes ran count.
   */
  readonly add: (connection: Connection) => void
  readonly remove: (session: Session) => void
  readonly closeAll: () => void
}

export type SessionTableContext = {
  readonly self: PeerId
  readonly limits: NetworkLimits
  readonly now: () => number
  readonly open: (connection: Connection) => Session
}

export function createSessionTable({ self, limits, now, open }: SessionTableContext): SessionTable {
  const sessions = new Map<PeerId, Session>()

  const ready = (peer: PeerId): Session | undefined => {
    const session = sessions.get(peer)
    return session?.isReady() === true ? session : undefined
  }

  /**
   * Whether a second connection to a peer takes the place of the first. If both sides dialled at the same moment, both
   * keep the connection that the smaller id has dialled. Otherwise the newer one counts: nobody dials a peer it is
   * connected to, so the other side has lost the older.
   */
  function replaces(connection: Connection, before: Session): boolean {
    const sameSide = connection.direction === before.connection.direction
    if (sameSide || now() - before.openedAt > limits.handshakeMs) return true
    return (connection.direction === 'outbound') === self < before.peer
  }

  function add(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const before = sessions.get(peer)
    const noPlace = connection.direction === 'inbound' && sessions.size >= limits.maxPeers
    if (before === undefined ? noPlace : !replaces(connection, before)) {
      connection.abort(new Error('not needed'))
      return
    }
    before?.close('ours')
    sessions.set(peer, open(connection))
  }

  return {
    get: (peer) => sessions.get(peer),
    ready,
    readyPeers: () => [...sessions.keys()].filter((peer) => ready(peer) !== undefined),
    size: () => sessions.size,
    of: (connection) => {
      const session = sessions.get(connection.remotePeer.toString())
      return session?.connection.id === connection.id ? session : undefined
    },
    add,
    remove: (session) => {
      if (sessions.get(session.peer) === session) sessions.delete(session.peer)
    },
    closeAll: () => {
      for (const session of [...sessions.values()]) session.close('ours')
    },
  }
}
