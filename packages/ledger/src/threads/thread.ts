import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { WorkerSetup } from './messages.js'

/** A worker as the main thread sees it. */
export type Thread = {
  readonly index: number
  readonly worker: Worker
  /** Main end of the channel for groups. It is read while this thread waits, never by events. */
  readonly groups: MessagePort
}

export function startThread(setup: Omit<WorkerSetup, 'groups'>): Thread {
  const { port1, port2 } = new MessageChannel()
  const workerData: WorkerSetup = { ...setup, groups: port2 }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, transferList: [port2] })
  return { index: setup.index, worker, groups: port1 }
}
