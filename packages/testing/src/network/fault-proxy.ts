import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP connection between two processes that can be made slow, silent or short-lived. */
export type FaultProxy = {
  /** Port on 127.0.0.1 that stands for the target. */
  readonly port: number
  /** Every byte arrives this much later, in both directions. */
  readonly delay: (ms: number) => void
  /** Bytes per second of each connection and direction; Infinity lifts it. */
  readonly throttle: (bytesPerSecond: number) => void
  /** Every piece that arrives kills its connection with this probability, 0 to 1. */
  readonly killRate: (probability: number) => void
  /**
   * Nothing passes any more, and nobody is told: connections stay open, new ones are taken and say nothing. As TCP would
   * resend it, what was sent meanwhile arrives after `heal`, unless one side has given up.
   */
  readonly partition: () => void
  readonly heal: () => void
  /** Resets all connections; their number. */
  readonly killConnections: () => number
  readonly connections: () => number
  /** Bytes that have passed so far, in both directions. */
  readonly passedBytes: () => number
  readonly close: () => Promise<void>
}

export type FaultProxyOptions = {
  readonly target: { readonly host: string; readonly port: number }
  /** Numbers from 0 up to 1 that decide about kills. */
  readonly random: () => number
}

/** Settings that hold for all connections, and what they share. */
type Faults = {
  delayMs: number
  bytesPerSecond: number
  killRate: number
  partitioned: boolean
  passedBytes: number
}
type Piece = { readonly chunk: Uint8Array | 'end'; readonly due: number }
type Direction = { readonly flush: () => void; readonly stop: () => void }

const maxConnections = 1000
/** Bytes held per direction before the sender has to wait. */
const maxHeldBytes = 2 ** 20

/** Carries bytes from one socket to the other, in order, when they are due. */
function carry(from: Socket, to: Socket, faults: Faults, kill: () => void, random: () => number): Direction {
  const pieces: Piece[] = []
  let held = 0
  let freeAt = 0
  let timer: NodeJS.Timeout | undefined

  function hold(chunk: Piece['chunk']): void {
    const size = chunk === 'end' ? 0 : chunk.length
    const now = performance.now()
    freeAt = Math.max(now + faults.delayMs, freeAt) + (size * 1000) / faults.bytesPerSecond
    pieces.push({ chunk, due: freeAt })
    held += size
    if (held >= maxHeldBytes) from.pause()
    flush()
  }

  function flush(): void {
    clearTimeout(timer)
    while (!faults.partitioned && !to.writableNeedDrain) {
      const [piece] = pieces
      if (piece === undefined) break
      const wait = piece.due - performance.now()
      if (wait > 0) {
        timer = setTimeout(flush, wait)
        return
      }
      pieces.shift()
      if (piece.chunk === 'end') {
        to.end()
      } else {
        held -= piece.chunk.length
        faults.passedBytes += piece.chunk.length
        to.write(piece.chunk)
      }
    }
    if (held < maxHeldBytes) from.resume()
  }

  from.on('data', (chunk: Uint8Array) => {
    if (random() < faults.killRate) kill()
    else hold(chunk)
  })
  from.on('end', () => hold('end'))
  to.on('drain', flush)
  return { flush, stop: () => clearTimeout(timer) }
}

/** Starts a proxy in front of `target`. At most 1,000 connections at a time; more are reset. */
export async function createFaultProxy({ target, random }: FaultProxyOptions): Promise<FaultProxy> {
  const faults: Faults = {
    delayMs: 0,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    killRate: 0,
    partitioned: false,
    passedBytes: 0,
  }
  const open = new Map<() => void, readonly Direction[]>()

  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (open.size >= maxConnections) {
      near.resetAndDestroy()
      return
    }
    const far = connect({ ...target, allowHalfOpen: true })
    const kill = () => {
      for (const direction of open.get(kill) ?? []) direction.stop()
      open.delete(kill)
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    open.set(kill, [carry(near, far, faults, kill, random), carry(far, near, faults, kill, random)])
    for (const socket of [near, far]) {
      socket.on('error', kill)
      // Destroyed once both sides have ended it.
      socket.on('close', () => {
        if (near.destroyed && far.destroyed) kill()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function killConnections(): number {
    const kills = [...open.keys()]
    for (const kill of kills) kill()
    return kills.length
  }

  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => {
      faults.delayMs = ms
    },
    throttle: (bytesPerSecond) => {
      faults.bytesPerSecond = bytesPerSecond
    },
    killRate: (probability) => {
      faults.killRate = probability
    },
    partition: () => {
      faults.partitioned = true
    },
    heal: () => {
      faults.partitioned = false
      for (const directions of [...open.values()]) for (const { flush } of directions) flush()
    },
    killConnections,
    connections: () => open.size,
    passedBytes: () => faults.passedBytes,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      killConnections()
      await closed
    },
  }
}
