/**
 * Words of the memory that all threads of a pool share. The first counts answers to groups and is what the main thread
 * waits on; then two words for each worker.
 */
export const answersWord = 0

/** Number of the share of groups that was posted to a worker and that nobody has taken yet, 0 if there is none. */
export function shareWord(worker: number): number {
  return 1 + 2 * worker
}

/** 1 once the worker has ended. */
export function endedWord(worker: number): number {
  return 2 + 2 * worker
}

export function createControl(workers: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (1 + 2 * workers)))
}

/** Takes a posted share: of the worker it was posted to and the main thread, only the first one succeeds. */
export function takeShare(control: Int32Array, worker: number, share: number): boolean {
  return Atomics.compareExchange(control, shareWord(worker), share, 0) === share
}
