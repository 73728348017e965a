import type { BanyanError } from '@banyan/base'
import type { SliceAnswer, SliceRequest } from './messages.js'
import type { Thread } from './thread.js'
import { createWatchdog } from './watchdog.js'

/** Slices under way on one worker. */
export type Lane = {
  /** Transactions that were sent and not answered yet. */
  readonly load: () => number
  readonly send: (request: SliceRequest, transactions: number) => Promise<SliceAnswer>
  /** Rejects everything under way. */
  readonly abandon: (error: BanyanError) => void
}

type Waiting = {
  readonly transactions: number
  readonly resolve: (answer: SliceAnswer) => void
  readonly reject: (error: BanyanError) => void
}

/** `onSilence` is called when the worker has work and gives no answer for `timeout` milliseconds. */
export function createLane({ worker }: Thread, timeout: number, onSilence: () => void): Lane {
  const waiting = new Map<number, Waiting>()
  const watchdog = createWatchdog(timeout, onSilence)
  let load = 0

  /** An idle worker must not keep the process alive. */
  const rest = (): void => {
    watchdog.rest()
    worker.unref()
  }

  worker.on('message', (answer: SliceAnswer) => {
    const slice = waiting.get(answer.id)
    if (slice === undefined) return
    waiting.delete(answer.id)
    load -= slice.transactions
    if (waiting.size === 0) rest()
    else watchdog.report()
    slice.resolve(answer)
  })
  // Only now: Node counts a listener for messages as a reason to stay.
  rest()

  return {
    load: () => load,
    send: (request, transactions) =>
      new Promise((resolve, reject) => {
        if (waiting.size === 0) {
          worker.ref()
          watchdog.report()
        }
        waiting.set(request.id, { transactions, resolve, reject })
        load += transactions
        worker.postMessage(request, [request.bytes.buffer as ArrayBuffer])
      }),
    abandon: (error) => {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
      rest()
    },
  }
}
