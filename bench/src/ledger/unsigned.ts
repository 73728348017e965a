import { native } from '@banyan/crypto/native'
import { decodeBlock, describeBatch, encodeBlock, rollback, verifyBlock } from '@banyan/ledger'
import { createRandom } from '@banyan/testing'
import type { BenchContext, Row } from '../runner/benchmark.js'
import { appendBlock, extendChain, openBenchLog } from './durable-run.js'
import { naiveName, naiveRate } from './naive.js'
import { benchChain, randomPeople, rewriteTransfers, unsignedTransfers } from './workload.js'

const perBlock = 10_000

/** Everything but signatures, on one thread: decode, ids, execute, receipts, state root, durable log. */
export async function unsignedRow(context: BenchContext, accounts: number, goal?: number): Promise<Row> {
  const random = createRandom(5)
  const people = randomPeople(random, accounts)
  const chain = benchChain(people)
  const { log, close } = await openBenchLog()
  const blocks = context.quick ? 8 : 10
  const batches = Array.from({ length: blocks }, () => unsignedTransfers(chain, people, random, perBlock))
  try {
    const ours = await context.median(
      blocks * perBlock,
      async () => {
        const durable = batches.map((batch) => {
          const described = describeBatch(native, chain.domains, batch)
          return appendBlock(log, extendChain(chain, people, described), described)
        })
        await Promise.all(durable)
      },
      () => {
        for (const batch of batches) rewriteTransfers(batch, chain, people, random)
      },
    )
    const naive = await naiveRate(context, chain, people, random)
    return {
      what: `everything but signatures, per transfer, ${accounts.toLocaleString('en')} accounts`,
      unit: 'µs CPU',
      ours: ours.cpuMicros,
      against: { name: naiveName, value: naive.cpuMicros },
      ...(goal === undefined ? {} : { goal }),
      better: 'less',
      cpuMicros: ours.cpuMicros,
    }
  } finally {
    await close()
  }
}

/**
 * Replay of encoded blocks: decode, execute, compare every header. Signatures are not checked again. Between runs the
 * chain is rolled back to where the blocks begin.
 */
export async function replayRow(context: BenchContext): Promise<Row> {
  const random = createRandom(6)
  const people = randomPeople(random, 1_000_000)
  const chain = benchChain(people)
  const blocks = context.quick ? 10 : 30
  const encoded = Array.from({ length: blocks }, () => {
    const batch = unsignedTransfers(chain, people, random, perBlock)
    const described = describeBatch(native, chain.domains, batch)
    const { header } = extendChain(chain, people, described, { final: false })
    return encodeBlock({ header, batches: [batch] })
  })
  const rate = await context.median(
    blocks * perBlock,
    () => {
      for (const bytes of encoded) {
        const block = decodeBlock(bytes)
        const batches = block.batches.map((batch) => describeBatch(native, chain.domains, batch))
        verifyBlock(chain, block.header, batches)
      }
    },
    () => {
      while (chain.earlier.length > 0) rollback(chain)
    },
  )
  const naive = await naiveRate(context, chain, people, random)
  return {
    what: 'replay from encoded blocks',
    unit: 'tx/s',
    ours: rate.perSecond,
    against: { name: naiveName, value: naive.perSecond },
    goal: 400_000,
    cpuMicros: rate.cpuMicros,
  }
}
