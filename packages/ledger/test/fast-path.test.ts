import { asAddress, asHash, leToUint, maxAmount, toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import {
  buildBlock,
  type Chain,
  createChain,
  createCollection,
  describeBatch,
  feePool,
  finalize,
  type GenesisAsset,
  transferBatch,
} from '@banyan/ledger'
import { createNaiveBalances, type NaiveBalances } from '@banyan/model'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { drawTransfers, type Holders, makeHolders } from './differential/transfer-stream.js'

const perBatch = 50_000
const blocks = tierCount({ push: 100, full: 1_000, fuzz: 20 })
/** Balances are compared after every so many blocks. */
const compareEvery = 10
const price = 1_000_000n
const fees = { transfer: (3_000n + 16n * 193n) * price, newRow: 6_400n * price }
const zeroHash = asHash(new Uint8Array(32))
const proposer = asAddress(new Uint8Array(20).fill(7))

test(`LED-10, LED-12, LED-14: ${blocks * perBatch} transfers leave the balances of plain arithmetic`, {
  timeout: 3_600_000,
}, () => {
  const random = createRandom(testSeed('fast path'))
  const holders = makeHolders(random, 60_000)
  const naive = createNaiveBalances(3, fees)
  const chain = startChain(holders, naive)
  const totals = { success: 0, failed: 0, skipped: 0 }
  for (let height = 1; height <= blocks; height++) {
    const { records, counts } = drawTransfers(random, holders, naive, chain.head.id, height, perBatch)
    const described = describeBatch(native, chain.domains, transferBatch(records))
    const timestamp = BigInt(height)
    const { receipts } = buildBlock(chain, { batches: [described], proposer, timestamp, view: height })
    finalize(chain, height)
    expect(countOutcomes(receipts), `outcomes of block ${height}`).toEqual(counts)
    for (const outcome of ['success', 'failed', 'skipped'] as const) totals[outcome] += counts[outcome]
    payOut(naive)
    if (height % compareEvery === 0) compareBalances(chain, naive)
  }
  // No outcome may become so rare that it is hardly tested.
  for (const outcome of Object.values(totals)) expect(outcome).toBeGreaterThan((blocks * perBatch) / 50)
  console.log(totals)
})

/** Half of the holders have accounts, some of them hardly any FIG; every third holds other assets. */
function startChain(holders: Holders, naive: NaiveBalances): Chain {
  const numbers = Array.from({ length: holders.count }, (_, i) => i)
  const addressOf = (i: number) => asAddress(new Uint8Array(holders.addresses.buffer, i * 20, 20))
  const accounts = numbers
    .filter((i) => i % 2 === 0)
    .map((i) => ({ address: addressOf(i), balance: i % 14 === 2 ? 20_000_000_000n : 10n ** 18n }))
  for (const { address, balance } of accounts) naive.credit(0, toHex(address), balance)
  const assets = [1, 2].map((asset): GenesisAsset => {
    const owners = numbers.filter((i) => i % 3 === asset)
    const amount = asset === 1 ? 10n ** 12n : maxAmount / BigInt(owners.length)
    for (const i of owners) naive.credit(asset, holders.names[i]!, amount)
    return {
      issuer: proposer,
      flags: 0,
      decimals: 0,
      cap: maxAmount,
      metadataHash: zeroHash,
      name: `asset ${asset}`,
      symbol: `A${asset}`,
      holders: owners.map((i) => ({ owner: addressOf(i), amount })),
    }
  })
  const prices = { compute: price, bytes: price, state: price }
  const limit = { compute: 4e9, bytes: 4e9, state: 4e9 }
  return createChain({
    provider: native,
    collection: createCollection(1, []),
    genesis: {
      chainId: 1n,
      timestamp: 0n,
      fees: { start: prices, floor: prices, limit },
      maxRows: 2 ** 22,
      accounts,
      assets,
    },
  })
}

function countOutcomes(receipts: Uint8Array): Record<'success' | 'failed' | 'skipped', number> {
  const words = new Uint32Array(receipts.buffer, receipts.byteOffset, receipts.length / 4)
  const counts = [0, 0, 0]
  for (let at = 16; at < words.length; at += 32) counts[words[at]! & 0xffff]!++
  const [failed, success, skipped] = counts as [number, number, number]
  return { success, failed, skipped }
}

function payOut({ earned, credit }: NaiveBalances): void {
  if (earned.base > 0n) credit(0, toHex(feePool), earned.base)
  if (earned.tips > 0n) credit(0, toHex(proposer), earned.tips)
  earned.base = 0n
  earned.tips = 0n
}

function compareBalances({ state }: Chain, { tables }: NaiveBalances): void {
  let rows = 0
  for (const [table, hasAsset] of [
    [state.accounts.rows, false],
    [state.balances.rows, true],
  ] as const) {
    for (let i = 1; i < table.length; i++) {
      const row = table.bytes.subarray(i * 64, (i + 1) * 64)
      const asset = hasAsset ? Number(leToUint(row.subarray(20, 24))) : 0
      const holder = toHex(row.subarray(0, 20))
      const balance = leToUint(row.subarray(32, 48))
      if (tables[asset]!.get(holder) !== balance) {
        expect({ asset, holder, balance }).toEqual({ asset, holder, balance: tables[asset]!.get(holder) })
      }
      rows++
    }
  }
  expect(rows).toBe(tables.reduce((sum, table) => sum + table.size, 0))
}
