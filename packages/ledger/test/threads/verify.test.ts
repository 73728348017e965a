import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  describeBatch,
  findInvalidSignature,
  generalBatch,
  signingDomains,
  transferBatch,
} from '@banyan/ledger'
import type { Pool } from '@banyan/ledger/threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  collectionModule,
  domains,
  largeEnvelope,
  newChain,
  probeEnvelope,
  provider,
  startPool,
  transferRecords,
} from './probe-chain.js'

let pool: Pool
beforeAll(() => {
  pool = startPool()
})
afterAll(() => pool.close())

const flip = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice()
  copy[at]! ^= 1
  return copy
}

describe('verification of transfers on workers', () => {
  const count = 2500
  const records = transferRecords(count)

  test.each([1, 2, 63, 64, 65, 1000, 1001, 2500])(
    'LED-12: %i transfers are described as on one thread',
    async (size) => {
      const batch = transferBatch(records.slice(0, size * 192))
      expect(await pool.verify(domains, batch)).toEqual(describeBatch(provider, domains, batch))
    },
  )

  // Three slices of 834, and pieces of 64 signatures in each.
  test.each([0, 1, 63, 64, 65, 833, 834, 897, 898, 1667, 1668, 2498, 2499])(
    'LED-12: the forged signature of transfer %i is found',
    async (index) => {
      const batch = transferBatch(flip(records, index * 192 + 191 - (index % 64)))
      await expect(pool.verify(domains, batch)).rejects.toMatchObject({
        kind: 'BatchTransactionInvalid',
        details: { index },
      })
      expect(findInvalidSignature(provider, describeBatch(provider, domains, batch))).toBe(index)
    },
  )

  test('LED-12: of several forged signatures the first one is named', async () => {
    const batch = transferBatch(flip(flip(flip(records, 2400 * 192), 900 * 192 + 130), 901 * 192))
    await expect(pool.verify(domains, batch)).rejects.toMatchObject({ details: { index: 900 } })
  })

  test('LED-12: bytes in shared memory are verified too', async () => {
    const batch = transferBatch(records)
    const bytes = new Uint8Array(new SharedArrayBuffer(batch.bytes.length))
    bytes.set(batch.bytes)
    const described = await pool.verify(domains, { ...batch, bytes })
    expect(described.digest).toEqual(describeBatch(provider, domains, batch).digest)
  })

  test('LED-12: signatures of another chain are refused', async () => {
    const other = signingDomains(provider, domains.chainId, domains.transfer)
    await expect(pool.verify(other, transferBatch(records))).rejects.toMatchObject({ details: { index: 0 } })
  })
})

describe('verification of other transactions on workers', () => {
  const chain = newChain()
  const envelopes = Array.from({ length: 200 }, (_, i) =>
    probeEnvelope(chain, { person: i % 16, method: 'add', args: { slot: i, amount: 1 } }),
  )

  test.each([1, 2, 64, 65, 200])('LED-12: %i are described as on one thread', async (size) => {
    const batch = generalBatch(envelopes.slice(0, size))
    expect(await pool.verify(chain.domains, batch)).toEqual(describeBatch(provider, chain.domains, batch))
  })

  // Four slices of 50.
  test.each([0, 1, 49, 50, 149, 150, 199])(
    'LED-12: number %i with a changed byte is found',
    async (index) => {
      const changed = envelopes.map((envelope, i) =>
        i === index ? flip(envelope, envelope.length - 1) : envelope,
      )
      const batch = generalBatch(changed)
      const expected = { kind: 'BatchTransactionInvalid', details: { index } }
      await expect(pool.verify(chain.domains, batch)).rejects.toMatchObject(expected)
      expect(() => describeBatch(provider, chain.domains, batch)).toThrow(`Transaction ${index} of the batch`)
    },
  )

  test('LED-12: an envelope that does not decode is found', async () => {
    const batch = generalBatch([...envelopes.slice(0, 70), Uint8Array.of(0x05), ...envelopes.slice(70)])
    await expect(pool.verify(chain.domains, batch)).rejects.toMatchObject({
      kind: 'BatchTransactionInvalid',
      details: { index: 70 },
    })
  })

  test('LED-12: a batch that ends within a transaction is refused', async () => {
    const { bytes, ...batch } = generalBatch(envelopes.slice(0, 3))
    await expect(
      pool.verify(chain.domains, { ...batch, bytes: bytes.subarray(0, bytes.length - 1) }),
    ).rejects.toMatchObject({ kind: 'BlockMalformed' })
  })

  test('LED-12: more bytes than may be under way wait their turn', async () => {
    const large = generalBatch(new Array<Uint8Array>(120).fill(largeEnvelope(120_000)))
    // Six times 14 MB exceed the bound of 64 MiB.
    const all = await Promise.all(Array.from({ length: 6 }, () => pool.verify(chain.domains, large)))
    for (const { digest } of all) expect(digest).toEqual(all[0]!.digest)
  })

  test('LED-12: the portable provider gives the same descriptions', async () => {
    const own = startPool({ workers: 1, provider: 'portable' })
    const batch = generalBatch(envelopes.slice(0, 20))
    expect(await own.verify(chain.domains, batch)).toEqual(describeBatch(provider, chain.domains, batch))
    await own.close()
  })
})

describe('the life of a pool', () => {
  const batch = transferBatch(transferRecords(1200))

  test('closing it fails what is under way, and everything later', async () => {
    const own = startPool()
    const pending = Promise.allSettled(Array.from({ length: 100 }, () => own.verify(domains, batch)))
    await own.close()
    for (const result of await pending) {
      expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'WorkerFailed' } })
    }
    await expect(own.verify(domains, batch)).rejects.toMatchObject({ kind: 'WorkerFailed' })
    await own.close()
  })

  test.each([
    [new URL('./absent.mjs', import.meta.url), 'probeCollection'],
    [collectionModule, 'absent'],
  ])('a collection that cannot be loaded from %s as %s fails what it is asked', async (module, name) => {
    const own = startPool({ collectionModule: module, collectionName: name })
    await expect(own.verify(domains, batch)).rejects.toMatchObject({ kind: 'WorkerFailed' })
    await own.close()
  })

  test.each([
    ['ends', 'process.exit(7)', 30_000, 'a worker ended with code 7'],
    [
      'gives no answer',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
      500,
      'no answer within 500 ms',
    ],
  ])('a worker that %s fails what is under way', async (_what, code, timeout, reason) => {
    const own = startPool({ collectionModule: new URL(`data:text/javascript,${code}`), timeout })
    const results = await Promise.allSettled([own.verify(domains, batch), own.verify(domains, batch)])
    const error = expect.objectContaining({ kind: 'WorkerFailed', details: { reason } })
    for (const result of results) expect(result).toEqual({ status: 'rejected', reason: error })
    await own.close()
  })

  test.each(['close', 'leave'])('a process ends by itself after "%s"', (last) => {
    const script = fileURLToPath(new URL('./pool-process.mjs', import.meta.url))
    const output = execFileSync(process.execPath, [script, last], { timeout: 30_000, encoding: 'utf8' })
    expect(output.trim()).toBe('BatchTransactionInvalid')
  })

  test.each([0, 65, 1.5])('a pool of %d workers is refused', (workers) => {
    expect(() => startPool({ workers })).toThrow('workers')
  })
})
