import { type Batch, type Chain, generalBatch } from '@banyan/ledger'
import type { Pool } from '@banyan/ledger/threads'
import type { Log } from '@banyan/storage'
import { createRandom } from '@banyan/testing'
import type { BenchContext, Row } from '../runner/benchmark.js'
import { appendBlock, extendChain, openBenchLog } from './durable-run.js'
import { naiveName, naiveRate } from './naive.js'
import { rawLimit } from './raw-verify.js'
import {
  benchChain,
  joinPeople,
  type People,
  packageEnvelopes,
  payersByKey,
  randomPeople,
  signedTransfers,
  signingPeople,
} from './workload.js'

const accountCount = 1_000_000
const signers = 2_000
const perBlock = 10_000

/** Individually signed transfers and packages: verified on the workers, executed, committed and durable. */
export async function signedRows(context: BenchContext, pool: Pool): Promise<readonly Row[]> {
  const random = createRandom(11)
  const signing = signingPeople(signers)
  const people = joinPeople(signing, randomPeople(random, accountCount - signers))
  const chain = benchChain(people, { delegate: true })
  const { log, close } = await openBenchLog()
  try {
    const blocks = context.quick ? 3 : 8
    const payers = payersByKey(signing)
    const signed = await context.median(
      blocks * perBlock,
      (batches: readonly Batch[]) => pipeline(chain, people, log, pool, batches),
      () => repeat(blocks, () => signedTransfers(chain, people, random, payers, perBlock)),
    )
    const limit = await rawLimit(context, blocks * perBlock)
    const packaged = async (blockItems: number) =>
      context.median(
        blocks * blockItems,
        (batches: readonly Batch[]) => pipeline(chain, people, log, pool, batches),
        () =>
          repeat(blocks, () =>
            generalBatch(packageEnvelopes(chain, people, random, blockItems / 1000, 1000)),
          ),
      )
    const small = await packaged(perBlock)
    const large = await packaged(50_000)
    const naive = await naiveRate(context, chain, people, random)
    const peer = { name: naiveName, value: naive.perSecond }
    return [
      {
        what: 'individually signed transfers, verified, executed, committed, durable',
        unit: 'tx/s',
        ours: signed.perSecond,
        against: { name: 'libsodium alone on the same workers', value: limit.perSecond },
        goal: 45_000,
        cpuMicros: signed.cpuMicros,
      },
      {
        what: 'packaged transfers, 1,000 per signature, blocks of 10,000',
        unit: 'tx/s',
        ours: small.perSecond,
        against: peer,
        goal: 400_000,
        cpuMicros: small.cpuMicros,
      },
      {
        what: 'packaged transfers, 1,000 per signature, blocks of 50,000',
        unit: 'tx/s',
        ours: large.perSecond,
        against: peer,
        cpuMicros: large.cpuMicros,
      },
    ]
  } finally {
    await close()
  }
}

/** Batches that are verified ahead of the one being executed: the workers never wait for this thread. */
const ahead = 2

/** While one batch is executed here, the next ones are verified on the workers and the last is being written. */
async function pipeline(
  chain: Chain,
  people: People,
  log: Log,
  pool: Pool,
  batches: readonly Batch[],
): Promise<void> {
  const durable: Promise<number>[] = []
  const verifying = batches.slice(0, ahead).map((batch) => pool.verify(chain.domains, batch))
  try {
    for (let i = 0; i < batches.length; i++) {
      const described = await verifying[i]!
      const next = batches[i + ahead]
      if (next !== undefined) verifying.push(pool.verify(chain.domains, next))
      durable.push(appendBlock(log, extendChain(chain, people, described), described))
    }
    await Promise.all(durable)
  } finally {
    await Promise.allSettled(verifying)
  }
}

function repeat<Value>(count: number, make: () => Value): Value[] {
  return Array.from({ length: count }, make)
}
