import { createBlockFiller, frameBytes, type Outgoing } from './frame-writer.js'

/** Frames that wait for one stream of one peer. */
export type SendQueue = {
  /** False if the frame does not fit; then nothing was queued. */
  readonly push: (item: Outgoing) => boolean
  readonly isEmpty: () => boolean
  /** Blocks to write, until `end`. Takes the next one only when `room` resolves, so that what waits, waits here. */
  readonly blocks: (room: () => Promise<void>) => AsyncGenerator<Uint8Array>
  readonly end: () => void
}

export function createSendQueue(maxBytes: number): SendQueue {
  let items: Outgoing[] = []
  let head = 0
  let bytes = 0
  let ended = false
  let wake: (() => void) | undefined

  function push(item: Outgoing): boolean {
    const size = frameBytes(item)
    if (ended || bytes + size > maxBytes) return false
    items.push(item)
    bytes += size
    wake?.()
    return true
  }

  function take(): Outgoing | undefined {
    const item = items[head]
    if (item === undefined) return undefined
    head++
    bytes -= frameBytes(item)
    // Moves the rest only when at least half of the list has been taken: constant time per item.
    if (head * 2 >= items.length) {
      items = items.slice(head)
      head = 0
    }
    return item
  }

  function arrival(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
    })
  }

  async function* blocks(room: () => Promise<void>): AsyncGenerator<Uint8Array> {
    const fill = createBlockFiller({ take, bytes: () => bytes })
    while (!ended) {
      await room()
      const block = fill()
      if (block === undefined) await arrival()
      else yield block
    }
  }

  return {
    push,
    isEmpty: () => bytes === 0,
    blocks,
    end: () => {
      ended = true
      items = []
      head = 0
      bytes = 0
      wake?.()
    },
  }
}
