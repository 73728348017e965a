import { asHash } from '@banyan/base'
import { createBlockCache, type FinalRange } from '@banyan/node'
import { expect, test } from 'vitest'

/** What the log gives for one block: a small part of a large buffer. */
function rangeOf(height: number, bytes: number): FinalRange {
  const block = new Uint8Array(2 ** 20).fill(height).subarray(7, 7 + bytes)
  return { blocks: [block], id: asHash(new Uint8Array(32)), height, proof: new Uint8Array(0) }
}

test('a cached block is read once, and does not keep the buffer it was read in', async () => {
  const asked: number[] = []
  const cache = createBlockCache(async (height) => {
    asked.push(height)
    return height < 10 ? rangeOf(height, 100) : undefined
  }, 250)
  for (const height of [1, 2, 1, 2]) {
    const block = await cache.fetch(height)
    expect(block).toEqual(new Uint8Array(100).fill(height))
    expect(block?.buffer.byteLength).toBe(100)
  }
  expect(asked).toEqual([1, 2])
  expect(await cache.fetch(10)).toBeUndefined()
  await cache.fetch(3)
  await cache.fetch(1)
  expect(asked, 'the cache holds two of these blocks').toEqual([1, 2, 10, 3, 1])
})
