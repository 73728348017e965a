import type { CoreEffect } from '@banyan/consensus'

/** Carries out effects in their order: none that follows a write before the write is durable. */
export type Outbox = {
  readonly add: (effects: readonly CoreEffect[]) => void
}

export type OutboxOptions = {
  readonly plan: (delay: number, act: () => void) => void
  readonly carryOut: (effect: CoreEffect) => void
  /** Bytes that an effect writes. */
  readonly bytesOf: (effect: CoreEffect) => number
  /** How long so many bytes take until they are durable, µs. */
  readonly syncTime: (bytes: number) => number
}

function isWrite({ kind }: CoreEffect): boolean {
  return kind === 'store' || kind === 'keep' || kind === 'persist'
}

export function createOutbox({ plan, carryOut, bytesOf, syncTime }: OutboxOptions): Outbox {
  let waiting: CoreEffect[] = []
  let syncing = false

  /** Writes the first effects under one sync; how many they are. */
  function writeFirst(from: number): number {
    let end = from
    let bytes = 0
    while (end < waiting.length && isWrite(waiting[end]!)) bytes += bytesOf(waiting[end++]!)
    const time = syncTime(bytes)
    if (time > 0) {
      syncing = true
      plan(time, () => {
        syncing = false
        pump()
      })
    }
    return end
  }

  function pump(): void {
    let done = 0
    while (!syncing && done < waiting.length) {
      if (isWrite(waiting[done]!)) done = writeFirst(done)
      else carryOut(waiting[done++]!)
    }
    if (done > 0) waiting = waiting.slice(done)
  }

  return {
    add(effects) {
      for (const effect of effects) waiting.push(effect)
      pump()
    },
  }
}
