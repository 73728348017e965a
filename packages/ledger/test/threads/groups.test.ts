import { type Chain, type ExecutedBlock, readReceipt } from '@banyan/ledger'
import type { Pool } from '@banyan/ledger/threads'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, describeCalls, genesis, newChain, type ProbeCall, startPool } from './probe-chain.js'

const threadOf = ({ data }: { readonly data: Uint8Array }): number => new DataView(data.buffer).getUint32(28)

const outcome = ({ id, receipts, logs, stateRoot }: ExecutedBlock) => ({ id, receipts, logs, stateRoot })

let pool: Pool
beforeAll(() => {
  pool = startPool()
})
afterAll(() => pool.close())

/** Until the workers are up, the main thread executes everything itself. */
async function threadsOf(chain: Chain, wanted: number): Promise<Set<number>> {
  const calls = Array.from({ length: 6 }, (_, person) => ({ person, method: 'where' }))
  for (let round = 0; round < 100; round++) {
    const { logs } = build(chain, describeCalls(chain, calls))
    const threads = new Set([...logs.values()].map(([log]) => threadOf(log!)))
    if (threads.size >= wanted) return threads
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return new Set()
}

describe('groups of calls on worker threads', () => {
  test('LED-12: groups run on the main thread and on every worker', async () => {
    expect(await threadsOf(newChain({ runGroups: pool.runGroups }), 3)).toHaveLength(3)
  })

  test('LED-12: workers do not touch a chain in private memory', () => {
    const chain = newChain({ runGroups: pool.runGroups, memory: 'private' })
    const calls = Array.from({ length: 4 }, (_, person) => ({ person, method: 'where' }))
    const { logs } = build(chain, describeCalls(chain, calls))
    expect(new Set([...logs.values()].map(([log]) => threadOf(log!)))).toEqual(new Set([0]))
  })

  test('LED-12: a worker that does not get to its share is not waited for', async () => {
    const stuck = new URL('data:text/javascript,Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)')
    const own = startPool({ workers: 1, collectionModule: stuck, timeout: 500 })
    const chain = newChain({ runGroups: own.runGroups })
    const calls = Array.from({ length: 4 }, (_, person) => ({ person, method: 'where' }))
    const { logs } = build(chain, describeCalls(chain, calls))
    expect([...logs.values()].map(([log]) => threadOf(log!))).toEqual([0, 0, 0, 0])
    await own.close()
  })

  test('LED-12: calls that touch what their keys do not say give the result of serial execution', () => {
    const random = createRandom(testSeed('threads/false-keys'))
    const serial = newChain({ runGroups: () => (_e, _v, groups) => groups.map(() => noResult) })
    const inline = newChain()
    // Its tables move to other memory as they grow.
    const capacity = { accounts: 32, balances: 32, utxos: 32, storage: 32 }
    const threaded = newChain({ runGroups: pool.runGroups, capacity })
    // Tables of a mebibyte and more lie in memory of another kind.
    const largeCapacity = { accounts: 2 ** 14, balances: 2 ** 14, utxos: 2 ** 13, storage: 2 ** 13 }
    const large = newChain({ runGroups: pool.runGroups, capacity: largeCapacity })
    const rounds = tierCount({ push: 40, full: 4000, fuzz: 400 })
    for (let round = 0; round < rounds; round++) {
      // From many slots, where groups seldom meet, to few, where they always do.
      const slots = 2 ** random.below(12)
      const calls = Array.from({ length: 2 + random.below(30) }, (): ProbeCall => {
        const person = random.below(16)
        const slot = random.below(slots)
        switch (random.below(10)) {
          case 0:
            return { person, method: 'unknown', args: { slot } }
          case 1:
          case 2:
            return { person, method: 'openly', args: { slot } }
          case 3:
          case 4:
          case 5:
            return {
              person,
              method: 'combine',
              args: { from: slot, other: random.below(slots), to: random.below(slots) },
            }
          default:
            return { person, method: 'add', args: { slot, amount: random.below(100) } }
        }
      })
      const batch = describeCalls(serial, calls)
      const expected = outcome(build(serial, batch))
      expect(outcome(build(inline, batch)), 'on one thread').toEqual(expected)
      expect(outcome(build(threaded, batch)), 'on workers').toEqual(expected)
      expect(outcome(build(large, batch)), 'on workers, in large tables').toEqual(expected)
    }
  })
})

test('LED-12, LED-14: groups that together need more rows than there are give the result of serial execution', () => {
  const random = createRandom(testSeed('threads/full tables'))
  const tight = { genesis: { ...genesis, maxRows: 40 } }
  const serial = newChain({ ...tight, runGroups: () => (_e, _v, groups) => groups.map(() => noResult) })
  const inline = newChain(tight)
  const threaded = newChain({ ...tight, runGroups: pool.runGroups })
  const outcomes = new Map<string, number>()
  const rounds = tierCount({ push: 60, full: 4000, fuzz: 400 })
  for (let round = 0; round < rounds; round++) {
    const calls = Array.from({ length: 2 + random.below(30) }, (): ProbeCall => {
      const method = random.below(5) < 2 ? 'clear' : random.below(2) === 0 ? 'openly' : 'add'
      const args = { slot: random.below(80), ...(method === 'add' ? { amount: 1 } : {}) }
      return { person: random.below(16), method, args }
    })
    const batch = describeCalls(serial, calls)
    const block = build(serial, batch)
    expect(outcome(build(inline, batch)), 'on one thread').toEqual(outcome(block))
    expect(outcome(build(threaded, batch)), 'on workers').toEqual(outcome(block))
    for (let i = 0; i < calls.length; i++) {
      const { status, error } = readReceipt(block.receipts, i)
      const name = `${status} ${error ?? ''}`.trim()
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
    }
  }
  expect([...outcomes.keys()].sort()).toEqual(['failed TableFull', 'success'])
  expect(outcomes.get('failed TableFull')).toBeGreaterThan(20)
})

const noResult = { results: [], needsSerial: true }

describe('a worker that fails', () => {
  const failing = (method: string) => Array.from({ length: 4 }, (_, person) => ({ person, method }))

  /** Error of the block in which a worker first executed the method. */
  async function failureOf(own: Pool, method: string): Promise<unknown> {
    const chain = newChain({ runGroups: own.runGroups })
    await threadsOf(chain, 2)
    const before = { head: chain.head, root: chain.stateRoot }
    for (let round = 0; round < 100; round++) {
      try {
        build(chain, describeCalls(chain, failing(method)))
        before.head = chain.head
        before.root = chain.stateRoot
      } catch (error) {
        expect({ head: chain.head, root: chain.stateRoot }, 'the block left no trace').toEqual(before)
        return error
      }
    }
    return undefined
  }

  test.each([
    ['end', 'a worker ended while it executed calls'],
    ['hang', 'no answer within 500 ms'],
  ])(
    'LED-12: a method that makes it %s fails the block and the pool, and the pool closes',
    async (method, reason) => {
      const own = startPool({ workers: 1, timeout: 500 })
      const chain = newChain({ runGroups: own.runGroups })
      expect(await failureOf(own, method)).toMatchObject({ kind: 'WorkerFailed', details: { reason } })
      expect(() => build(chain, describeCalls(chain, failing('where')))).toThrow(reason)
      await own.close()
    },
  )

  test('LED-12: a defect of a contract is a failed call wherever it runs', async () => {
    const own = startPool({ workers: 1 })
    expect(await failureOf(own, 'crash')).toMatchObject({ kind: 'InvariantBroken' })
    await own.close()
  })

  test('LED-12: a pool with another collection than the chain is refused', async () => {
    const own = startPool({ workers: 1, collectionName: 'otherVersion' })
    const chain = newChain({ runGroups: own.runGroups })
    let error: unknown
    for (let round = 0; round < 100 && error === undefined; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      try {
        build(chain, describeCalls(chain, failing('where')))
      } catch (thrown) {
        error = thrown
      }
    }
    expect(error).toMatchObject({ kind: 'InvariantBroken' })
    await own.close()
  })
})
