import { native } from '@banyan/crypto/native'
import { type Batch, type Chain, describeBatch, transferOffsets, transferRecordLength } from '@banyan/ledger'
import type { Random } from '@banyan/testing'
import type { BenchContext, Rate } from '../runner/benchmark.js'
import { type People, rewriteTransfers, unsignedTransfers } from './workload.js'

const perBlock = 10_000
const fee = 6_088n * 10n ** 9n

export const naiveName = 'BigInt and Map, balances and ids only'

/**
 * The obvious ledger as a peer: balances as BigInt in a Map by address text, and a Set of ids. It has neither
 * receipts nor a state root, and ids and senders are given to it.
 */
export async function naiveRate(
  context: BenchContext,
  chain: Chain,
  people: People,
  random: Random,
): Promise<Rate> {
  const balances = new Map<string, bigint>()
  for (let i = 0; i < people.count; i++) {
    balances.set(textOf(people.addresses.subarray(i * 20, i * 20 + 20)), 10n ** 24n)
  }
  const seen = new Set<string>()
  const transfers = unsignedTransfers(chain, people, random, perBlock)
  return context.median(
    perBlock,
    ({ batch, ids, senders }) => {
      const records = batch.bytes.subarray(batch.bytes.length - batch.count * transferRecordLength)
      const view = new DataView(records.buffer, records.byteOffset)
      for (let i = 0; i < batch.count; i++) {
        const at = i * transferRecordLength
        const id = textOf(ids.subarray(i * 32, i * 32 + 32))
        if (seen.has(id)) throw new Error('replayed')
        seen.add(id)
        const amountAt = at + transferOffsets.amount
        const amount = view.getBigUint64(amountAt, true) | (view.getBigUint64(amountAt + 8, true) << 64n)
        const payer = textOf(senders.subarray(i * 20, i * 20 + 20))
        const payee = textOf(records.subarray(at + transferOffsets.payee, at + transferOffsets.payee + 20))
        const held = balances.get(payer) ?? 0n
        if (held < amount + fee) throw new Error('insufficient funds')
        balances.set(payer, held - amount - fee)
        balances.set(payee, (balances.get(payee) ?? 0n) + amount)
      }
    },
    () => {
      rewriteTransfers(transfers, chain, people, random)
      return prepare(transfers, chain)
    },
  )
}

function prepare(batch: Batch, chain: Chain) {
  const { ids, senders } = describeBatch(native, chain.domains, batch)
  return { batch, ids: new Uint8Array(ids.buffer), senders: new Uint8Array(senders.buffer) }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
