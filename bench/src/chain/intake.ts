import { readFileSync } from 'node:fs'
import { formatAmount, toHex } from '@banyan/base'
import { callAll, startCluster } from '@banyan/testing/cluster'
import { paymentRecipients, paymentSenders, signedPayments } from '../ledger/payments.js'
import { type BenchContext, medianOf, type Row } from '../runner/benchmark.js'
import { startAnvil } from './anvil.js'
import { followFinalBlocks } from './final-blocks.js'

/** A node that takes Ethereum transactions over JSON-RPC. */
type Target = {
  readonly rpc: string
  readonly pid: number
  /** Resolves when the node has finished so many transactions since it was started. */
  readonly finished: (count: number) => Promise<void>
}

/** Transactions a second, and a CPU second of the node's process. */
type IntakeRate = { readonly perSecond: number; readonly perCpuSecond: number }

const chainId = 7001
const clients = 8
const perBatch = 200
/** Of Linux: clock ticks of the times in /proc. */
const ticksPerSecond = 100

/** Signed payments in JSON-RPC batches, from the first request until all are final, on one validator and on anvil. */
export async function intakeRows({ quick }: BenchContext): Promise<readonly Row[]> {
  const count = quick ? 4_000 : 20_000
  const rounds = 3
  const ours = await ourIntake(count, rounds)
  const anvil = await anvilIntake(count, rounds)
  const name = 'anvil 1.7.1'
  return [
    {
      what: 'JSON-RPC batches of signed payments, request to final, for each core used',
      unit: 'tx/CPU s',
      ours: ours.perCpuSecond,
      against: { name, value: anvil.perCpuSecond },
      goal: 1.5 * anvil.perCpuSecond,
      cpuMicros: 1e6 / ours.perCpuSecond,
    },
    {
      what: 'JSON-RPC batches of signed payments, request to final',
      unit: 'tx/s',
      ours: ours.perSecond,
      against: { name, value: anvil.perSecond },
    },
  ]
}

async function ourIntake(count: number, rounds: number): Promise<IntakeRate> {
  const people = [...paymentSenders.map(({ address }) => address), ...paymentRecipients]
  const accounts = people.map((address) => ({ address: toHex(address), balance: formatAmount(10n ** 24n) }))
  const cluster = await startCluster({
    validators: 1,
    accounts,
    plan: { chainId },
    flags: ['--threads', '2'],
  })
  const { rpc, process } = cluster.node(0)
  const blocks = await followFinalBlocks(rpc)
  try {
    return await measure(count, rounds, {
      rpc,
      pid: process.pid,
      finished: async (expected) => {
        while (blocks.included() < expected) await blocks.next()
      },
    })
  } finally {
    blocks.close()
    await cluster.close()
  }
}

async function anvilIntake(count: number, rounds: number): Promise<IntakeRate> {
  const addresses = paymentSenders.map(({ address }) => address)
  const { rpc, pid, close } = await startAnvil(chainId, addresses)
  const mined = async (): Promise<number> => {
    const parameters = addresses.map((address) => [toHex(address), 'latest'])
    const nonces = await callAll<string>(rpc, 'eth_getTransactionCount', parameters)
    return nonces.reduce((sum, nonce) => sum + Number(nonce), 0)
  }
  try {
    return await measure(count, rounds, {
      rpc,
      pid,
      finished: async (expected) => {
        while ((await mined()) < expected) await new Promise((resolve) => setTimeout(resolve, 50))
      },
    })
  } finally {
    await close()
  }
}

async function measure(count: number, rounds: number, target: Target): Promise<IntakeRate> {
  const rates: IntakeRate[] = []
  for (let round = 0; round <= rounds; round++) {
    const envelopes = signedPayments(BigInt(chainId), count, (round * count) / paymentSenders.length)
    const calls = envelopes.map((envelope) => [toHex(envelope)])
    const cpu = cpuSeconds(target.pid)
    const start = performance.now()
    let next = 0
    const client = async (): Promise<void> => {
      while (next < count) {
        const from = next
        next += perBatch
        await callAll(target.rpc, 'eth_sendRawTransaction', calls.slice(from, from + perBatch))
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    await target.finished((round + 1) * count)
    const seconds = (performance.now() - start) / 1e3
    rates.push({ perSecond: count / seconds, perCpuSecond: count / (cpuSeconds(target.pid) - cpu) })
  }
  // The first round warms up.
  const measured = rates.slice(1)
  return {
    perSecond: medianOf(measured.map((rate) => rate.perSecond)),
    perCpuSecond: medianOf(measured.map((rate) => rate.perCpuSecond)),
  }
}

/** CPU time of another process (proc(5), fields 14 and 15 of /proc/<pid>/stat). */
function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
