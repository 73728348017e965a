import { type Mark, marks } from './frame-reader.js'

/**
 * Bytes handed to the muxer at once: with its header of 12 bytes this fills one encrypted message of noise, which holds
 * at most 65,535 - 16.
 */
export const blockBytes = 65_519 - 12

/** What waits in a stream: a message, or a mark. */
export type Outgoing = Uint8Array | Mark

export function frameBytes(item: Outgoing): number {
  return 4 + (typeof item === 'string' ? 0 : item.length)
}

/** Frames that wait to be sent. */
export type FrameSource = {
  readonly take: () => Outgoing | undefined
  /** Bytes of all frames that `take` would give. */
  readonly bytes: () => number
}

/** Gives the next block of at most `blockBytes`, or undefined if nothing waits. */
export type BlockFiller = () => Uint8Array | undefined

/**
 * Packs frames into blocks: many small ones into one block, large ones over several. Bytes of a large message are views
 * of it; only what shares a block with a length or another frame is copied.
 */
export function createBlockFiller(source: FrameSource): BlockFiller {
  let message: Uint8Array | undefined
  let sent = 0

  /** Copies the length of the next frame, if there is one and its length fits. */
  function startFrame(block: Uint8Array, used: number): number {
    if (used + 4 > block.length) return 0
    const item = source.take()
    if (item === undefined) return 0
    const length = typeof item === 'string' ? marks[item] : item.length
    new DataView(block.buffer, used, 4).setUint32(0, length, true)
    if (typeof item !== 'string' && item.length > 0) {
      message = item
      sent = 0
    }
    return 4
  }

  function copyMessage(block: Uint8Array, used: number, from: Uint8Array): number {
    const count = Math.min(from.length - sent, block.length - used)
    block.set(from.subarray(sent, sent + count), used)
    sent += count
    if (sent === from.length) message = undefined
    return count
  }

  return () => {
    const left = message === undefined ? 0 : message.length - sent
    if (message !== undefined && left >= blockBytes) {
      const view = message.subarray(sent, sent + blockBytes)
      sent += blockBytes
      if (sent === message.length) message = undefined
      return view
    }
    const block = new Uint8Array(Math.min(blockBytes, left + source.bytes()))
    let used = 0
    while (used < block.length) {
      const step = message === undefined ? startFrame(block, used) : copyMessage(block, used, message)
      if (step === 0) break
      used += step
    }
    return used === 0 ? undefined : block.subarray(0, used)
  }
}

/** The blocks of one item on a stream of its own. */
export function* blocksOf(item: Outgoing): Generator<Uint8Array> {
  let rest: Outgoing | undefined = item
  const fill = createBlockFiller({
    take: () => {
      const next = rest
      rest = undefined
      return next
    },
    bytes: () => (rest === undefined ? 0 : frameBytes(rest)),
  })
  for (let block = fill(); block !== undefined; block = fill()) yield block
}
