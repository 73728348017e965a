import type { Message } from './message.js'

/** Index of the first message after `seq` among those from `start` on, which are in order. */
export function firstAfter(messages: readonly Message[], start: number, seq: number): number {
  let [low, high] = [start, messages.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (messages[middle]!.seq! <= seq) low = middle + 1
    else high = middle
  }
  return low
}
