import './with-resolvers.js'
import { banyanError } from '@banyan/base'
import { noise } from '@chainsafe/libp2p-noise'
import type { ConnectionGater } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { createLibp2p, type Libp2p } from 'libp2p'
import { keyOfSeed } from './identity.js'
import { boundedYamux } from './muxer.js'
import type { NetworkLimits, NetworkOptions } from './options.js'

/** All addresses. Sockets are counted by `gater`, so libp2p is told to trust it; its own limit leaves timers behind. */
const everywhere = ['/ip4/0.0.0.0/ipcidr/0', '/ip6/::/ipcidr/0']
/** Streams of a connection beside requests: two channels on each side, and some that still negotiate. */
const otherStreams = 8

/** Requests that may have a stream at the same time in one direction; what is beyond the limit learns that by it. */
export function requestStreams(limits: NetworkLimits): number {
  return 2 * limits.requestsPerPeer
}

/**
 * libp2p with TCP, noise and yamux and nothing that it would do on its own: no discovery, no identify, no pings, no
 * reconnection. Connections are counted and chosen by `gater`. Not started yet. Fails with ListenFailed.
 */
export async function createNode(
  options: NetworkOptions,
  limits: NetworkLimits,
  gater: ConnectionGater,
): Promise<Libp2p> {
  const privateKey = await keyOfSeed(options.seed)
  return refusedListening(options, () =>
    createLibp2p({
      start: false,
      privateKey,
      addresses: { listen: [...options.listen] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [boundedYamux(requestStreams(limits) + otherStreams)],
      // Private addresses may be dialled: that is what private chains live on.
      connectionGater: { denyDialMultiaddr: () => false, ...gater },
      connectionMonitor: { enabled: false },
      connectionManager: {
        allow: everywhere,
        maxConnections: Number.POSITIVE_INFINITY,
        inboundUpgradeTimeout: limits.handshakeMs,
        protocolNegotiationTimeout: limits.handshakeMs,
        dialTimeout: limits.handshakeMs,
      },
    }),
  )
}

/** Starts to listen. Fails with ListenFailed. */
export async function startNode(node: Libp2p, options: NetworkOptions): Promise<void> {
  await refusedListening(options, () => node.start())
}

async function refusedListening<Result>(
  options: NetworkOptions,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw banyanError('ListenFailed', { addresses: options.listen.join(', ') }, error)
  }
}
