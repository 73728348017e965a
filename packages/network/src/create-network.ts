import type { Connection } from '@libp2p/interface'
import type { Libp2p } from 'libp2p'
import { createAnswerer } from './answerer.js'
import { createAsker } from './asker.js'
import { createDialer, type Dialer } from './dialer.js'
import { peerIdOfSeed } from './identity.js'
import { createNode, requestStreams, startNode } from './libp2p-node.js'
import { createSocketLimit } from './limits.js'
import type { Network, NetworkHandlers, PeerId } from './network.js'
import { checkedLimits, type NetworkLimits, type NetworkOptions } from './options.js'
import { createPeerRecords, type PeerRecords } from './peer-records.js'
import { type Protocols, protocolsOf } from './protocols.js'
import { openSession, type Session } from './session.js'
import { createSessionTable, type SessionTable } from './session-table.js'
import { judgeStanding } from './standing.js'

const mostRecords = 4096
/** Inbound sockets beyond `maxPeers`: those that still shake hands. */
const mostHandshakes = 64
const now = () => performance.now()

/** The parts of one node's network. */
type Parts = {
  readonly id: PeerId
  readonly limits: NetworkLimits
  readonly protocols: Protocols
  readonly handlers: NetworkHandlers
  readonly sessions: SessionTable
  readonly records: PeerRecords
  readonly dialer: Dialer
  readonly node: Libp2p
}

/** Offers the chain's protocols to peers and follows connections. */
async function serve({ limits, protocols, handlers, sessions, node }: Parts): Promise<void> {
  const answerer = createAnswerer(limits, handlers.onRequest)
  node.addEventListener('connection:open', ({ detail }) => sessions.add(detail))
  node.addEventListener('connection:close', ({ detail }) => sessions.of(detail)?.close('lost'))
  for (const channel of ['votes', 'data'] as const) {
    await node.handle(
      protocols[channel],
      ({ connection, stream }) => {
        const session = sessions.of(connection)
        if (session === undefined) stream.abort(new Error('not in use'))
        else session.accept(channel, stream)
      },
      { maxInboundStreams: 1, maxOutboundStreams: 1 },
    )
  }
  await node.handle(
    protocols.request,
    ({ connection, stream }) => {
      const session = sessions.of(connection)
      if (session?.isReady() === true) void answerer.answer(session, stream)
      else stream.abort(new Error('not in use'))
    },
    { maxInboundStreams: requestStreams(limits), maxOutboundStreams: requestStreams(limits) },
  )
}

function networkOf({ id, limits, protocols, sessions, records, dialer, node }: Parts): Network {
  let closing: Promise<void> | undefined

  async function shutDown(): Promise<void> {
    dialer.close()
    sessions.closeAll()
    await node.stop()
  }

  return {
    id,
    addresses: () => node.getMultiaddrs().map(String),
    peers: sessions.readyPeers,
    send: (peer, channel, message) => {
      const session = sessions.ready(peer)
      if (session === undefined) records.of(peer).counts.drops++
      else session.send(channel, message)
    },
    request: createAsker(limits, protocols.request, sessions.ready).ask,
    judge: (peer, verdict) => {
      const { standing, counts } = records.of(peer)
      if (!judgeStanding(standing, verdict, now(), limits.banMs)) return
      counts.bans++
      sessions.get(peer)?.close('ours')
    },
    keepConnected: dialer.keep,
    counters: records.counters,
    close: () => {
      closing ??= shutDown()
      return closing
    },
  }
}

/**
 * Joins the network of a chain: listens, and talks with peers over TCP, encrypted with noise, multiplexed with yamux.
 * Fails with NetworkOptionInvalid and ListenFailed.
 */
export async function createNetwork(options: NetworkOptions, handlers: NetworkHandlers): Promise<Network> {
  const limits = checkedLimits(options)
  const id = await peerIdOfSeed(options.seed)
  const protocols = protocolsOf(options.genesis)
  const allowed = options.allow && new Set(options.allow)
  const records = createPeerRecords(mostRecords, now, (peer) => sessions.get(peer) !== undefined)
  const sockets = createSocketLimit({
    inTotal: limits.maxPeers + mostHandshakes,
    perAddress: limits.connectionsPerAddress,
    perSecond: limits.connectionRate,
  })
  const sessions = createSessionTable({ self: id, limits, now, open })
  const isDenied = (peer: PeerId) => allowed?.has(peer) === false || records.isBanned(peer)

  const node = await createNode(options, limits, {
    denyInboundConnection: (socket) =>
      sessions.size() >= limits.maxPeers ||
      !sockets.admit(socket.remoteAddr.nodeAddress().address, socket, now()),
    denyInboundEncryptedConnection: (peer) => isDenied(peer.toString()),
  })
  const dialer = createDialer({
    self: id,
    redial: limits.redialMs,
    random: options.random,
    skip: (peer) => sessions.get(peer) !== undefined || isDenied(peer),
    dial: async (address) => {
      await node.dial(address, { signal: AbortSignal.timeout(limits.handshakeMs) })
    },
  })

  function open(connection: Connection): Session {
    const peer = connection.remotePeer.toString()
    return openSession(connection, {
      limits,
      protocols,
      record: records.of(peer),
      now,
      onMessage: handlers.onMessage,
      onReady: () => {
        dialer.connected(peer)
        handlers.onConnected(peer)
      },
      onClosed,
    })
  }

  function onClosed(session: Session, wasReady: boolean): void {
    sessions.remove(session)
    dialer.disconnected(session.peer)
    if (wasReady) handlers.onDisconnected(session.peer)
    // Otherwise libp2p would remember every identity that ever connected.
    void node.peerStore.delete(session.connection.remotePeer).catch(() => undefined)
  }

  const parts: Parts = { id, limits, protocols, handlers, sessions, records, dialer, node }
  await serve(parts)
  await startNode(node, options)
  return networkOf(parts)
}
