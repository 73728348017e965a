import { Worker } from 'node:worker_threads'
import type { Tally } from './tally.js'
import type { Chunk } from './worker.js'

/** Gives chunks to `workers` threads as long as `next` names some; `done` hears of each. Resolves when all are done. */
export async function runChunks(
  workers: number,
  next: () => Chunk | undefined,
  done: (chunk: Chunk, tally: Tally) => void,
): Promise<void> {
  await Promise.all(Array.from({ length: workers }, () => work(next, done)))
}

async function work(
  next: () => Chunk | undefined,
  done: (chunk: Chunk, tally: Tally) => void,
): Promise<void> {
  const worker = new Worker(new URL('worker.js', import.meta.url))
  try {
    for (let chunk = next(); chunk !== undefined; chunk = next()) done(chunk, await answerTo(worker, chunk))
  } finally {
    await worker.terminate()
  }
}

function answerTo(worker: Worker, chunk: Chunk): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (tally: Tally) => {
      worker.off('error', reject)
      resolve(tally)
    })
    worker.postMessage(chunk)
  })
}
