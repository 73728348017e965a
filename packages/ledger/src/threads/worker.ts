import { parentPort, workerData } from 'node:worker_threads'
import { fail } from '@banyan/base'
import { contractCrypto } from '../contract-crypto.js'
import type { Collection } from '../host/collection.js'
import { answersWord, endedWord } from './control.js'
import { packError } from './errors.js'
import type { SliceAnswer, SliceContent, SliceRequest, WorkerSetup } from './messages.js'
import { loadProvider } from './provider.js'
import { serveGroups } from './serve-groups.js'
import { verifySlice } from './serve-slices.js'

/** Entry of a worker thread. */

const setup = workerData as WorkerSetup
const { control, index } = setup

// The main thread may be waiting for an answer, and no event reaches it then.
process.on('exit', () => {
  Atomics.store(control, endedWord(index), 1)
  Atomics.add(control, answersWord, 1)
  Atomics.notify(control, answersWord)
})

const provider = await loadProvider(setup.provider)
const host = { collection: await loadCollection(setup), crypto: contractCrypto(provider) }
const serveArrived = serveGroups(setup.groups, control, index, host)

parentPort!.on('message', (request: SliceRequest) => {
  serveArrived()
  const answer = answerSlice(request)
  parentPort!.postMessage(answer, 'content' in answer ? buffersOf(answer.content) : [])
})

function answerSlice(request: SliceRequest): SliceAnswer {
  try {
    return { id: request.id, content: verifySlice(provider, request, serveArrived) }
  } catch (error) {
    return { id: request.id, error: packError(error) }
  }
}

function buffersOf({ ids, senders, leaves, verified }: SliceContent): ArrayBuffer[] {
  return [ids, senders, leaves, verified].map(({ buffer }) => buffer as ArrayBuffer)
}

async function loadCollection({ collectionModule, collectionName }: WorkerSetup): Promise<Collection> {
  const module = (await import(collectionModule)) as Readonly<Record<string, Collection | undefined>>
  return (
    module[collectionName] ??
    fail('OptionInvalid', { option: 'collectionName', reason: `${collectionModule} does not export it` })
  )
}
