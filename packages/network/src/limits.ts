/** A bucket of tokens that fills at a constant rate up to one second's worth. */
export type RateLimit = {
  /** The time in ms until there is a token; 0 if there is one. */
  readonly wait: (now: number) => number
  /** Takes one token, before it is there if need be; the time in ms until it is. */
  readonly take: (now: number) => number
}

export function createRateLimit(perSecond: number, now: number): RateLimit {
  let tokens = perSecond
  let filledAt = now

  /** Time in ms until the tokens are enough for `count`. */
  function until(count: number, time: number): number {
    tokens = Math.min(perSecond, tokens + ((time - filledAt) * perSecond) / 1000)
    filledAt = time
    return Math.max(0, ((count - tokens) * 1000) / perSecond)
  }

  return {
    wait: (time) => until(1, time),
    take: (time) => {
      const wait = until(1, time)
      tokens -= 1
      return wait
    },
  }
}

/** A socket whose `timeline.close` is set once it is closed. */
type Socket = { readonly timeline: { readonly close?: number } }

type AddressUse = { readonly rate: RateLimit; lastAt: number; sockets: readonly Socket[] }

export type SocketLimit = {
  /** False if there are too many open inbound sockets, or too many or too quickly from this address. */
  readonly admit: (address: string, socket: Socket, now: number) => boolean
}

export type SocketBounds = {
  readonly inTotal: number
  readonly perAddress: number
  readonly perSecond: number
}

/** Counts inbound sockets from their first byte on, before anybody knows who is behind them. */
export function createSocketLimit(bounds: SocketBounds): SocketLimit {
  const addresses = new Map<string, AddressUse>()

  /** Drops closed sockets, and addresses without any whose rate is that of a stranger again. Gives the open ones. */
  function countOpen(now: number): number {
    let open = 0
    for (const [address, use] of addresses) {
      use.sockets = use.sockets.filter(({ timeline }) => timeline.close === undefined)
      open += use.sockets.length
      if (use.sockets.length === 0 && now - use.lastAt >= 1000) addresses.delete(address)
    }
    return open
  }

  function useOf(address: string, now: number): AddressUse {
    const known = addresses.get(address)
    if (known !== undefined) return known
    const use = { rate: createRateLimit(bounds.perSecond, now), lastAt: now, sockets: [] }
    addresses.set(address, use)
    return use
  }

  return {
    admit: (address, socket, now) => {
      if (countOpen(now) >= bounds.inTotal) return false
      const use = useOf(address, now)
      if (use.sockets.length >= bounds.perAddress || use.rate.wait(now) > 0) return false
      use.rate.take(now)
      use.lastAt = now
      use.sockets = [...use.sockets, socket]
      return true
    },
  }
}
