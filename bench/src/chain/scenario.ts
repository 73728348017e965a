import { asChainId, asHash, fromHex, type Hash } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { signingDomains } from '@banyan/ledger'
import { type Cluster, startCluster, statusOf } from '@banyan/testing/cluster'
import type { Place } from '../ledger/workload.js'
import { medianOf } from '../runner/benchmark.js'
import { type Flow, quantile, runFlow } from './flow.js'
import { chainAccounts, type Kind, makeEnvelopes, transfersIn } from './transactions.js'

/** A network and how many of its nodes are killed before anything is sent. */
export type Setting = { readonly validators: number; readonly dead: number }

/** Medians over the rounds, in transfers. */
export type Figures = {
  readonly perSecond: number
  /** CPU of one validator for one transfer, µs. */
  readonly cpuMicros: number
  /** At a rate below the network's limit, ms. */
  readonly p50: number
  readonly p99: number
  /** That rate. */
  readonly offered: number
}

export type Load = {
  readonly kind: Kind
  /** Transfers of one round. */
  readonly transfers: number
  /** Share of the highest rate at which latencies are measured. */
  readonly share: number
  readonly rounds: number
}

const chainId = 7001
const perRequest: Readonly<Record<Kind, number>> = { signed: 250, packaged: 2 }
/** Transfers that may wait for finality while the highest rate is sought. */
const window: Readonly<Record<Kind, number>> = { signed: 10_000, packaged: 100_000 }
const clients = 8

/** Starts the network, runs the loads one after the other, and ends it. */
export async function measure(setting: Setting, loads: readonly Load[]): Promise<readonly Figures[]> {
  const cluster = await startCluster({
    validators: setting.validators,
    accounts: chainAccounts(),
    plan: { chainId, heartbeat: 2_000 },
    flags: setting.validators === 1 ? ['--threads', '2'] : [],
  })
  try {
    for (let i = 0; i < setting.dead; i++) await cluster.kill(setting.validators - 1 - i)
    const figures: Figures[] = []
    for (const load of loads) figures.push(await measureLoad(cluster, load))
    return figures
  } finally {
    await cluster.close()
  }
}

async function measureLoad(cluster: Cluster, load: Load): Promise<Figures> {
  const { kind, transfers, rounds } = load
  await round(cluster, kind, transfers / 4)
  const fast: Flow[] = []
  for (let i = 0; i < rounds; i++) fast.push(await round(cluster, kind, transfers))
  const perSecond = medianOf(fast.map((flow) => flow.perSecond))
  const rate = perSecond * load.share
  const steady: Flow[] = []
  for (let i = 0; i < rounds; i++) steady.push(await round(cluster, kind, transfers * load.share, rate))
  const size = transfersIn[kind]
  const median = (part: number): number => medianOf(steady.map(({ latencies }) => quantile(latencies, part)))
  const nodes = cluster.running().length
  return {
    perSecond: perSecond * size,
    cpuMicros: medianOf(fast.map(({ cpuMicros }) => cpuMicros)) / size / nodes,
    p50: median(0.5),
    p99: median(0.99),
    offered: rate * size,
  }
}

/** Signs transfers for the network as it is now, which is not measured, and sends them. */
async function round(cluster: Cluster, kind: Kind, transfers: number, rate?: number): Promise<Flow> {
  return runFlow(cluster, {
    envelopes: makeEnvelopes(kind, await placeOf(cluster), Math.ceil(transfers)),
    perRequest: perRequest[kind],
    clients,
    window: window[kind] / transfersIn[kind],
    ...(rate !== undefined && { rate }),
  })
}

async function placeOf(cluster: Cluster): Promise<Place> {
  const { rpc, genesisId } = cluster.running()[0]!
  const { height, blockId } = await statusOf(rpc)
  const domains = signingDomains(native, asChainId(BigInt(chainId)), hashOf(genesisId))
  return { domains, head: { id: hashOf(blockId), header: { height } } }
}

function hashOf(text: string): Hash {
  const bytes = fromHex(text)
  if (bytes === undefined) throw new Error(`not a hash: ${text}`)
  return asHash(bytes)
}
