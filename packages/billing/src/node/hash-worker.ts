import { parentPort } from 'node:worker_threads'
import { native } from '@banyan/crypto/native'
import { hashBatch } from '../journal/batch.js'

/** The thread of `createHashThread`: fills in hashes and hands the memory back. */
parentPort?.on('message', (batch: Uint8Array<ArrayBuffer>) => {
  hashBatch(batch, native.keccak256)
  parentPort?.postMessage(batch, [batch.buffer])
})
