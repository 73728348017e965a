import { LRUCache } from 'lru-cache'
import type { ChainStore } from '../store/store.js'

/** Encoded blocks by height, as far as the log has them. */
export type BlockCache = {
  /** Rejects with what the disk failed with. */
  readonly fetch: (height: number) => Promise<Uint8Array | undefined>
}

/**
 * Keeps encoded blocks, at most `maxBytes` of them. The log is read from a block to the next proof of finality, so those
 * that were asked for last are kept: whoever asks for one transaction often asks for its neighbours.
 */
export function createBlockCache(readRange: ChainStore['readRange'], maxBytes: number): BlockCache {
  return new LRUCache<number, Uint8Array>({
    maxSize: maxBytes,
    sizeCalculation: ({ length }) => length,
    fetchMethod: async (height) => {
      const range = await readRange(height, { maxBlocks: 1, maxBytes: 1 })
      // A copy: what was read is a small part of a large buffer, which must not stay with it.
      return range?.blocks[0]?.slice()
    },
  })
}
