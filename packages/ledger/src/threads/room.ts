import type { BanyanError } from '@banyan/base'

/** Bounds the bytes that are under way: who does not fit waits, in the order of arrival. */
export type Room = {
  readonly enter: (bytes: number) => Promise<void>
  readonly leave: (bytes: number) => void
  /** Rejects all that wait. */
  readonly abandon: (error: BanyanError) => void
}

type Waiting = {
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: BanyanError) => void
}

/** `limit` is at least the size of everything that enters. */
export function createRoom(limit: number): Room {
  let used = 0
  let waiting: Waiting[] = []

  const admit = (): void => {
    while (waiting.length > 0 && used + waiting[0]!.bytes <= limit) {
      const next = waiting.shift()!
      used += next.bytes
      next.resolve()
    }
  }

  return {
    enter: (bytes) =>
      new Promise((resolve, reject) => {
        waiting.push({ bytes, resolve, reject })
        admit()
      }),
    leave: (bytes) => {
      used -= bytes
      admit()
    },
    abandon: (error) => {
      for (const { reject } of waiting) reject(error)
      waiting = []
    },
  }
}
