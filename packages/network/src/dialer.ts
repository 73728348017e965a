import { fail } from '@banyan/base'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from './network.js'
import type { NetworkLimits } from './options.js'

/** A peer that is dialled until it is connected. */
type Target = {
  readonly peer: PeerId
  readonly address: Multiaddr
  /** Pause before the next dial in ms, before it is spread. */
  delay: number
  timer: NodeJS.Timeout | undefined
}

export type Dialer = {
  readonly keep: (address: string) => void
  /** The peer can be used: the next loss is dialled again soon. */
  readonly connected: (peer: PeerId) => void
  readonly disconnected: (peer: PeerId) => void
  readonly close: () => void
}

export type DialerContext = {
  readonly self: PeerId
  readonly redial: NetworkLimits['redialMs']
  readonly random: () => number
  /** True if a session with this peer is open or opening, or none may be. */
  readonly skip: (peer: PeerId) => boolean
  /** Opens a connection; what it is good for is told by `connected` and `disconnected`. */
  readonly dial: (address: Multiaddr) => Promise<void>
}

/** The address and the peer id at its end. Fails with PeerAddressMalformed. */
function parseAddress(text: string): { readonly address: Multiaddr; readonly peer: PeerId } {
  let address: Multiaddr | undefined
  try {
    address = multiaddr(text)
  } catch (error) {
    fail('PeerAddressMalformed', { address: text }, error)
  }
  const peer = address.getPeerId()
  if (peer === null || !text.endsWith(`/p2p/${peer}`)) fail('PeerAddressMalformed', { address: text })
  return { address, peer }
}

/**
 * Dials peers until they are connected. Pauses double from `redial.first` to `redial.longest` and are spread from half to
 * one and a half, so that nodes that lost each other at the same moment do not meet at the same moment.
 */
export function createDialer(context: DialerContext): Dialer {
  const targets = new Map<PeerId, Target>()
  let closed = false

  function schedule(target: Target): void {
    if (closed) return
    clearTimeout(target.timer)
    target.timer = setTimeout(() => void attempt(target), target.delay * (0.5 + context.random()))
    target.delay = Math.min(context.redial.longest, target.delay * 2)
  }

  async function attempt(target: Target): Promise<void> {
    if (!context.skip(target.peer)) await context.dial(target.address).catch(() => undefined)
    // Looks again even after success: the connection may turn out to be of no use before anybody knows it.
    schedule(target)
  }

  function keep(text: string): void {
    const { address, peer } = parseAddress(text)
    if (peer === context.self || targets.has(peer) || closed) return
    const target: Target = { peer, address, delay: context.redial.first, timer: undefined }
    targets.set(peer, target)
    void attempt(target)
  }

  return {
    keep,
    connected: (peer) => {
      const target = targets.get(peer)
      if (target === undefined) return
      target.delay = context.redial.first
      clearTimeout(target.timer)
    },
    disconnected: (peer) => {
      const target = targets.get(peer)
      if (target !== undefined) schedule(target)
    },
    close: () => {
      closed = true
      for (const { timer } of targets.values()) clearTimeout(timer)
    },
  }
}
