import { admit, type Chain, finalize, gas, readReceipt, rollback } from '@banyan/ledger'
import { expect, test, vi } from 'vitest'
import * as S from './small-chain.js'

const uintAt = (bytes: Uint8Array, offset: number) =>
  [...bytes.subarray(offset, offset + 16)].reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

/** Sum of a 16-byte field over all rows. */
function sumOf({ bytes, length, rowBytes }: Chain['state']['assets'], offset: number): bigint {
  let sum = 0n
  for (let row = 0; row < length; row++) sum += uintAt(bytes, row * rowBytes + offset)
  return sum
}

/** FIG in accounts and UTXOs; every asset's other holdings. */
const totalsOf = ({ state }: Chain) => ({
  fig: sumOf(state.accounts.rows, 32) + sumOf(state.utxos.rows, 64),
  others: sumOf(state.balances.rows, 32),
})

test('LED-14: fees and refunds neither make nor lose funds', () => {
  const chain = S.newChain()
  const before = totalsOf(chain)
  const block = S.addBlock(chain, [
    S.transfer(chain, { payee: S.filled(1) }),
    S.transfer(chain, { asset: S.usable, payee: S.filled(2) }),
    S.transfer(chain, { amount: 10n ** 30n, payee: S.filled(3) }),
    S.pack(chain, { asset: S.usable, mode: 'perItem', items: [{ payer: 1, payee: 4, amount: 10n ** 30n }] }),
    S.nativeCall(chain, { calls: [S.callRules('mint', { amount: 5n })] }),
    S.nativeCall(chain, { sponsor: S.addressOf(S.bob), sponsorKey: S.bob }),
    S.ethereum(chain),
  ])
  expect(S.receiptsOf(block).map(({ status }) => status)).toEqual([
    'success',
    'success',
    'failed',
    'success',
    'success',
    'success',
    'success',
  ])
  expect(totalsOf(chain)).toEqual(before)
})

test('LED-5, LED-14: a package gets back what it was charged for rows that it did not make', () => {
  const chain = S.newChain()
  const address = S.addressOf(S.alice)
  const before = S.accountOf(chain, address).balance
  const items = [
    { payer: 1, payee: 2, amount: 1n },
    { payer: 1, payee: 4, amount: 10n ** 30n },
  ]
  const block = S.addBlock(chain, [S.pack(chain, { asset: S.usable, mode: 'perItem', items })])
  const { gasUsed, baseFee, tip } = readReceipt(block.receipts, 0)
  expect(gasUsed).toBe(gas.package + 2 * gas.packageItem + 16 * (161 + 48) + 64 * gas.perStateByte)
  expect(baseFee).toBe(BigInt(gasUsed) * 1_000_000n)
  expect(before - S.accountOf(chain, address).balance).toBe(baseFee + tip)
})

test('LED-14: a call that fails takes back the calls before it', () => {
  const chain = S.newChain()
  const calls = [
    S.callRules('store', { key: 1, value: 2n }),
    { to: S.addressOf(S.bob), value: 10n ** 30n, data: new Uint8Array(0) },
  ]
  const storage = chain.state.storage.rows.length
  const block = S.addBlock(chain, [S.nativeCall(chain, { calls })])
  const receipt = readReceipt(block.receipts, 0)
  expect(receipt).toMatchObject({ status: 'failed', error: 'FundsInsufficient' })
  expect(chain.state.storage.rows.length).toBe(storage)
  expect(S.accountOf(chain, S.addressOf(S.alice)).balance).toBe(
    100n * S.oneFig - receipt.baseFee - receipt.tip,
  )
})

test('LED-4: a block that is taken back brings back the ids that it had pushed out', () => {
  const chain = S.newChain()
  const mark = chain.head.id
  const envelope = S.transfer(chain, { mark, validUntil: 64n as never })
  S.addBlock(chain, [envelope])
  S.addEmptyBlocks(chain, 62)
  const root = chain.stateRoot
  // Blocks 64 and 65: the ids of block 1 leave the window with the second one.
  finalize(chain, chain.head.header.height)
  S.addBlock(chain, [])
  S.addBlock(chain, [])
  rollback(chain)
  rollback(chain)
  expect(chain.stateRoot).toEqual(root)
  expect(() => admit(chain, envelope)).toThrow(expect.objectContaining({ kind: 'TransactionReplayed' }))
  expect(S.receiptsOf(S.addBlock(chain, [envelope]))[0]).toMatchObject({
    status: 'skipped',
    error: 'TransactionReplayed',
  })
})

test('LED-14: on a chain without fees, gas covers the row that the sender gets by sending', () => {
  const none = { compute: 0n, bytes: 0n, state: 0n }
  const chain = S.newChain(undefined, { fees: { start: none, floor: none, limit: S.genesis.fees.limit } })
  const send = (gasLimit: bigint) => {
    const free = { key: S.stranger, value: 0n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
    const envelope = S.ethereum(chain, { ...free, gasLimit })
    return { envelope, receipt: S.receiptsOf(S.addBlock(chain, [envelope]))[0]! }
  }
  const { envelope, receipt } = send(8_000n)
  expect(receipt).toMatchObject({ status: 'skipped', error: 'GasLimitTooLow' })
  const enough = 5_000 + 16 * envelope.length + 64 * gas.perStateByte + 1_000
  expect(send(BigInt(enough - 1_001)).receipt).toMatchObject({ error: 'GasLimitTooLow' })
  expect(send(BigInt(enough)).receipt).toMatchObject({ status: 'success', gasUsed: enough })
})

test('LED-5: a package that is skipped for its mark or as a replay costs no look at its items', () => {
  const chain = S.newChain()
  const items = Array.from({ length: 1_000 }, () => ({ payer: 1, payee: 2, amount: 1n }))
  const once = S.pack(chain, { asset: S.usable, items, maxFee: 100_000_000 })
  const unknown = S.pack(chain, { asset: S.usable, items, mark: S.provider.sha256(Uint8Array.of(1)) })
  expect(S.receiptsOf(S.addBlock(chain, [once]))[0]).toMatchObject({ status: 'success' })
  const find = vi.spyOn(chain.state.balances, 'find')
  const errors = S.receiptsOf(S.addBlock(chain, [once, unknown])).map(({ error }) => error)
  expect(errors).toEqual(['TransactionReplayed', 'MarkUnknown'])
  expect(find).not.toHaveBeenCalled()
})

test('LED-14: a block that fails at any hash leaves the chain as it was', () => {
  let left = Number.POSITIVE_INFINITY
  const hashPairs: typeof S.provider.hashPairs = (pairs, out) => {
    if (left-- === 0) throw new RangeError('no memory')
    S.provider.hashPairs(pairs, out)
  }
  const chain = S.newChain({ ...S.provider, hashPairs })
  const batches = S.batchesOf(chain, [S.transfer(chain, { payee: S.filled(1) }), S.ethereum(chain)])
  const before = { head: chain.head, stateRoot: chain.stateRoot, history: chain.history }
  const build = () => S.addBlock(chain, [], batches)
  for (let failing = 0; ; failing++) {
    left = failing
    try {
      build()
      break
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
    }
    left = Number.POSITIVE_INFINITY
    const { head, stateRoot, history, earlier } = chain
    expect({ head, stateRoot, history }, `hash ${failing}`).toEqual(before)
    expect(earlier.length).toBe(0)
    expect(chain.state.commit()).toEqual(before.stateRoot)
  }
  left = Number.POSITIVE_INFINITY
  const other = S.newChain()
  S.addBlock(other, [], batches)
  expect(chain.stateRoot).toEqual(other.stateRoot)
})
