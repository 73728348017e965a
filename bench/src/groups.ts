import { asAddress, asChainId, asHeight } from '@banyan/base'
import { ed25519Address } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  type DescribedBatch,
  describeBatch,
  encodeCall,
  encodeNative,
  finalize,
  generalBatch,
  nativeId,
  signEd25519,
} from '@banyan/ledger'
import { createPool } from '@banyan/ledger/threads'
import { workAbi, workAddress, workCollection } from './groups/work-contract.js'
import { fees, seedOf } from './ledger/workload.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const callsPerBlock = 200
const blocksPerRun = 5
let nextNonce = 0n
const threadCount = 2
const fractions = [0, 0.5, 0.9, 1]
const nobody = asAddress(new Uint8Array(20))
const callers = Array.from({ length: callsPerBlock }, (_, i) => {
  const seed = seedOf(i)
  return { seed, address: ed25519Address(native, native.ed25519.publicKey(seed)) }
})

function workChain(runGroups?: ChainOptions['runGroups']): Chain {
  return createChain({
    genesis: {
      chainId: 4244n,
      timestamp: 1n,
      fees,
      maxRows: 2 ** 20,
      accounts: callers.map(({ address }) => ({ address, balance: 10n ** 27n })),
      assets: [],
    },
    provider: native,
    collection: workCollection,
    ...(runGroups === undefined ? {} : { runGroups }),
  })
}

/** One call per caller: the given fraction of them on slots of their own, the others all on slot 0. */
function workBatch(chain: Chain, fraction: number, rounds: number): DescribedBatch {
  const [work] = workAbi
  nextNonce += 1n
  const envelopes = callers.map(({ seed, address }, i) => {
    const slot = i < callsPerBlock * fraction ? i + 1 : 0
    const body = {
      chainId: asChainId(chain.genesis.chainId),
      account: address,
      mark: chain.head.id,
      validUntil: asHeight(BigInt(chain.head.header.height + 60)),
      nonce: nextNonce,
      gasLimit: 10_000_000n,
      maxFeePerGas: 10n ** 10n,
      tipPerGas: 0n,
      sponsor: nobody,
      calls: [{ to: workAddress, value: 0n, data: encodeCall(work, { rounds, slot }) }],
      accessKeys: [],
      postConditions: [],
    }
    const signature = signEd25519(native, nativeId(native, chain.domains.native, body), seed)
    return encodeNative({ kind: 'native', body, signatures: [signature], sponsor: [] })
  })
  return describeBatch(native, chain.domains, generalBatch(envelopes))
}

async function blockTime(
  context: BenchContext,
  chain: Chain,
  fraction: number,
  rounds: number,
): Promise<number> {
  const rate = await context.median(
    blocksPerRun,
    (batches: readonly DescribedBatch[]) => {
      for (const batch of batches) addBlock(chain, batch)
    },
    () => Array.from({ length: blocksPerRun }, () => workBatch(chain, fraction, rounds)),
  )
  return 1e3 / rate.perSecond
}

function addBlock(chain: Chain, batch: DescribedBatch): void {
  const { header } = chain.head
  const block = buildBlock(chain, {
    batches: [batch],
    proposer: nobody,
    timestamp: header.timestamp + 1n,
    view: header.view + 1,
  })
  finalize(chain, block.header.height)
  if (block.receipts[64] !== 1) throw new Error('a call of the benchmark failed')
}

/** Amdahl's law: the speed-up that `threads` can bring when only this fraction of the work can run at the same time. */
function amdahl(fraction: number, threads: number): number {
  return 1 / (1 - fraction + fraction / threads)
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const pool = createPool({
    workers: threadCount - 1,
    provider: 'native',
    collectionModule: new URL('./groups/work-contract.js', import.meta.url),
    collectionName: 'workCollection',
  })
  const rows: Row[] = []
  try {
    for (const rounds of context.quick ? [300] : [50, 300, 1500]) {
      for (const fraction of fractions) {
        const alone = await blockTime(context, workChain(), fraction, rounds)
        const shared = await blockTime(context, workChain(pool.runGroups), fraction, rounds)
        rows.push({
          what: `${callsPerBlock} calls of ${Math.round((alone * 1e3) / callsPerBlock)} µs, ${fraction * 100}% parallel, 2 threads`,
          unit: 'times one thread',
          ours: alone / shared,
          against: { name: "Amdahl's bound", value: amdahl(fraction, threadCount) },
        })
      }
    }
  } finally {
    await pool.close()
  }
  return rows
}

export const bench: Bench = {
  name: 'groups',
  title: 'Contract calls in groups: speed-up on two threads beside Amdahl’s bound',
  run,
}
