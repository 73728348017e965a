/** A bucket of tokens that fills at a constant rate up to one second's worth. */
export type RateLimit = {
  /** Takes one token; the time in ms until it is there, 0 if there was one. */
  readonly take: (now: number) => number
}

export function createRateLimit(perSecond: number, now: number): RateLimit {
  let tokens = perSecond
  let filledAt = now
  return {
    take: (time) => {
      tokens = Math.min(perSecond, tokens + ((time - filledAt) * perSecond) / 1000)
      filledAt = time
      tokens -= 1
      return tokens >= 0 ? 0 : (-tokens * 1000) / perSecond
    },
  }
}

/** A socket whose `timeline.close` is set once it is closed. */
type Socket = { readonly timeline: { readonly close?: number } }

export type AddressLimit = {
  /** False if this address has its share of open sockets already. */
  readonly admit: (address: string, socket: Socket) => boolean
}

/** Counts open inbound sockets by address, from the first byte on. */
export function createAddressLimit(most: number): AddressLimit {
  const open = new Map<string, readonly Socket[]>()

  /** Forgets closed sockets of all addresses: their number is bounded by that of open ones at the last call. */
  function forgetClosed(): void {
    for (const [address, sockets] of open) {
      const left = sockets.filter(({ timeline }) => timeline.close === undefined)
      if (left.length === 0) open.delete(address)
      else open.set(address, left)
    }
  }

  return {
    admit: (address, socket) => {
      forgetClosed()
      const sockets = open.get(address) ?? []
      if (sockets.length >= most) return false
      open.set(address, [...sockets, socket])
      return true
    },
  }
}
