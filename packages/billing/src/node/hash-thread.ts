import { Worker } from 'node:worker_threads'
import { banyanError } from '@banyan/base'
import type { BatchHasher } from '../journal/journal.js'

export type HashThread = {
  /** Hashes on the thread; the memory of a batch goes there and comes back. Error: WorkerFailed. */
  readonly hashBatch: BatchHasher
  readonly close: () => Promise<void>
}

type Waiting = {
  readonly resolve: (batch: Uint8Array<ArrayBuffer>) => void
  readonly reject: (reason: unknown) => void
}

/** A thread that hashes rows, so that those who add them need not wait for each other's hashes. */
export function createHashThread(): HashThread {
  const worker = new Worker(new URL('./hash-worker.js', import.meta.url))
  const waiting: Waiting[] = []
  let failure: unknown
  const stop = (reason: string): void => {
    failure ??= banyanError('WorkerFailed', { reason })
    for (const { reject } of waiting.splice(0)) reject(failure)
  }
  worker.on('message', (batch: Uint8Array<ArrayBuffer>) => {
    waiting.shift()?.resolve(batch)
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', (error: Error) => stop(error.message))
  worker.on('exit', () => stop('it has ended'))
  worker.unref()
  return {
    hashBatch: (batch) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) throw failure
        waiting.push({ resolve, reject })
        // Work keeps the process alive; the thread alone does not.
        worker.ref()
        worker.postMessage(batch, [batch.buffer])
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}
