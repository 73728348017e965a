import { invalid } from './invalid.js'

/** Chunks one after the other, each of the length that is expected. */
export type ChunkSource = {
  readonly next: () => Promise<Uint8Array>
  readonly take: (length: number) => Promise<Uint8Array>
  readonly expectEnd: () => Promise<void>
  /** Tells the origin that no more chunks are wanted. */
  readonly close: () => Promise<void>
}

export function openChunks(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ChunkSource {
  const iterator = drawn(chunks)
  const next = async (): Promise<Uint8Array> => {
    const { done, value } = await iterator.next()
    return done ? invalid('chunks are missing') : value
  }
  return {
    next,
    take: async (length) => {
      const chunk = await next()
      return chunk.length === length ? chunk : invalid('a chunk has the wrong length')
    },
    expectEnd: async () => {
      if (!(await iterator.next()).done) invalid('it goes on after its end')
    },
    close: async () => {
      await iterator.return()
    },
  }
}

async function* drawn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks
}
