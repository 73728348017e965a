import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { native } from '@banyan/crypto/native'
import { createRandom } from '@banyan/testing'
import type { BenchContext, Rate } from '../runner/benchmark.js'

/**
 * The limit of individually signed transfers: worker threads that check signatures over 32-byte messages and do nothing
 * else. Each verifies its own flat arrays again and again.
 */

const distinct = 1000

function rawBatch() {
  const random = createRandom(3)
  const messages = random.bytes(distinct * 32)
  const signatures = new Uint8Array(distinct * 64)
  const keys = new Uint8Array(distinct * 32)
  for (let i = 0; i < distinct; i++) {
    const seed = random.bytes(32)
    keys.set(native.ed25519.publicKey(seed), i * 32)
    signatures.set(native.ed25519.sign(messages.subarray(i * 32, i * 32 + 32), seed), i * 64)
  }
  return { messages, signatures, keys, verdicts: new Uint8Array(distinct) }
}

if (!isMainThread) {
  const { messages, signatures, keys, verdicts } = rawBatch()
  parentPort!.on('message', (rounds: number) => {
    for (let i = 0; i < rounds; i++) native.verifyEd25519Batch(messages, signatures, keys, distinct, verdicts)
    parentPort!.postMessage(verdicts.every((verdict) => verdict === 1))
  })
  parentPort!.postMessage(true)
}

/** What two workers verify that do nothing else. */
export async function rawLimit(context: BenchContext, count: number): Promise<Rate> {
  const verifiers = await startRawVerifiers(2)
  try {
    return await context.median(count, () => verifiers.verify(count))
  } finally {
    await verifiers.close()
  }
}

/** Workers for raw verification: `verify` checks `count` signatures, split evenly, and resolves when all are done. */
async function startRawVerifiers(workerCount: number) {
  const workers = Array.from({ length: workerCount }, () => new Worker(new URL(import.meta.url)))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return {
    verify: async (count: number): Promise<void> => {
      const rounds = Math.round(count / workerCount / distinct)
      const replies = workers.map((worker) => once(worker, 'message'))
      for (const worker of workers) worker.postMessage(rounds)
      for (const [valid] of await Promise.all(replies))
        if (valid !== true) throw new Error('a signature was refused')
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}
