import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { assert } from '@banyan/base'
import { executeGroup, type GroupResult } from '../execute/group.js'
import type { Host } from '../host/host.js'
import { stateView } from '../state/state-view.js'
import { answersWord, takeShare } from './control.js'
import { packError } from './errors.js'
import type { GroupsAnswer, GroupsRequest } from './messages.js'
import { decodeCalls } from './scheduled-bytes.js'
import { type SharedTables, tableReaders } from './shared-tables.js'

/** Executes the groups that arrive on `port`. Returns a function that serves all that have arrived so far. */
export function serveGroups(port: MessagePort, control: Int32Array, worker: number, host: Host): () => void {
  let tables: SharedTables | undefined

  const execute = (request: GroupsRequest): readonly GroupResult[] => {
    const { environment, sizes, calls, assetCount, collectionVersion } = request
    assert(tables !== undefined, 'tables are sent before groups')
    assert(collectionVersion === host.collection.version, 'all threads use the same contract collection')
    const view = stateView(tableReaders(tables, assetCount))
    return decodeCalls(calls, sizes).map((group) => executeGroup(host, environment, view, group))
  }

  const answer = (request: GroupsRequest): GroupsAnswer => {
    try {
      return { share: request.share, results: execute(request) }
    } catch (error) {
      return { share: request.share, error: packError(error) }
    }
  }

  const serve = (request: GroupsRequest): void => {
    tables = request.tables ?? tables
    if (!takeShare(control, worker, request.share)) return
    port.postMessage(answer(request))
    Atomics.add(control, answersWord, 1)
    Atomics.notify(control, answersWord)
  }

  port.on('message', serve)
  return () => {
    for (;;) {
      const received = receiveMessageOnPort(port)
      if (received === undefined) return
      serve(received.message as GroupsRequest)
    }
  }
}
