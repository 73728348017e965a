import { asAssetId, asHash, asHeight, concatBytes, type Hash, uintToLe } from '@banyan/base'
import {
  type KeyedTableName,
  portable,
  type RowProof,
  recentBlockOf,
  resultsRootOf,
  showsSuccess,
  verifyAbsence,
  verifyExpired,
  verifyHeaderField,
  verifyIncluded,
  verifyItemResult,
  verifyLog,
  verifyPresence,
  verifyReceipt,
  verifyRow,
  verifyTransactionProof,
} from '@banyan/crypto'
import {
  admit,
  type Chain,
  type KeyProof,
  proveAccount,
  proveAsset,
  proveBalance,
  proveChain,
  proveExpired,
  proveHeaderField,
  proveIncluded,
  proveItemResult,
  proveLog,
  proveReceipt,
  proveRecent,
  proveRow,
  proveStorage,
  proveTransaction,
  proveUtxo,
} from '@banyan/ledger'
import { expect, test } from 'vitest'
import * as S from './small-chain.js'

/** Everything is verified as a browser does it. */
const browser = portable

function shows(
  chain: Chain,
  table: KeyedTableName,
  key: Uint8Array,
  proof: KeyProof,
): 'present' | 'absent' | 'nothing' {
  if (proof.kind === 'present') {
    return verifyPresence(browser, chain.stateRoot, table, key, proof.row) ? 'present' : 'nothing'
  }
  return verifyAbsence(browser, chain.stateRoot, table, key, proof.absence) ? 'absent' : 'nothing'
}

const sizeOf = ({ bytes, branch, tableBranch }: RowProof) => bytes.length + branch.length + tableBranch.length

/** A chain with rows of every kind; one UTXO and one storage row were freed. */
function busyChain() {
  const chain = S.newChain()
  const call = (...calls: Parameters<typeof S.callRules>[]) =>
    S.nativeCall(chain, { calls: calls.map((one) => S.callRules(...one)), gasLimit: 900_000n })
  const stored = [1, 2, 3].map((key) => ['store', { key, value: 5n }] as Parameters<typeof S.callRules>)
  const first = [
    call(...stored),
    call(['mint', { amount: 7n }]),
    call(['mint', { amount: 8n }]),
    S.transfer(chain, { asset: S.usable, payee: S.filled(5) }),
  ]
  const block = S.addBlock(chain, first)
  const { bytes } = chain.state.utxos.rows
  const spent = asHash(bytes.slice(128, 160))
  const kept = asHash(bytes.slice(256, 288))
  const storageKeys = [1, 2, 3].map((row) =>
    asHash(chain.state.storage.rows.bytes.slice(row * 128, row * 128 + 32)),
  )
  S.addBlock(chain, [call(['spend', { id: spent }]), call(['drop', { key: 2 }])])
  return { chain, block, spent, kept, storageKeys, envelopes: first }
}

test('LED-8: accounts, balances, UTXOs and storage rows are shown present or absent', () => {
  const { chain, spent, kept, storageKeys } = busyChain()
  const account = (address: ReturnType<typeof S.filled>) =>
    shows(chain, 'accounts', address, proveAccount(chain, address))
  expect([S.addressOf(S.alice), S.filled(0), S.filled(5), S.filled(0xff)].map(account)).toEqual([
    'present',
    'present',
    'absent',
    'absent',
  ])
  const balance = (owner: ReturnType<typeof S.filled>, asset: number) =>
    shows(
      chain,
      'balances',
      concatBytes(owner, uintToLe(BigInt(asset), 4)),
      proveBalance(chain, owner, asAssetId(asset)),
    )
  expect(balance(S.filled(5), 1)).toBe('present')
  expect(balance(S.filled(5), 2)).toBe('absent')
  expect(balance(S.addressOf(S.bob), 1)).toBe('absent')
  const utxo = (id: Hash) => shows(chain, 'utxos', id, proveUtxo(chain, id))
  expect([kept, spent].map(utxo)).toEqual(['present', 'absent'])
  const storage = storageKeys.map((key) => shows(chain, 'storage', key, proveStorage(chain, key)))
  expect(storage).toEqual(['present', 'absent', 'present'])
})

test('LED-8: a proof of one key or state shows nothing about another', () => {
  const { chain } = busyChain()
  const proof = proveAccount(chain, S.addressOf(S.alice))
  const absence = proveAccount(chain, S.filled(5))
  expect(shows(chain, 'accounts', S.addressOf(S.bob), proof)).toBe('nothing')
  expect(shows(chain, 'accounts', S.addressOf(S.alice), absence)).toBe('nothing')
  expect(shows(chain, 'balances', S.addressOf(S.alice), proof)).toBe('nothing')
  S.addBlock(chain, [S.transfer(chain)])
  expect(shows(chain, 'accounts', S.addressOf(S.alice), proof)).toBe('nothing')
})

test('LED-8: rows of assets, recent blocks and the chain are shown, and nothing beyond them', () => {
  const { chain } = busyChain()
  const check = (table: 'assets' | 'recent' | 'chain', proof: RowProof | undefined) =>
    proof !== undefined && verifyRow(browser, chain.stateRoot, table, proof)
  expect([0, 1, 2].map((asset) => check('assets', proveAsset(chain, asAssetId(asset))))).toEqual([
    true,
    true,
    true,
  ])
  expect(proveAsset(chain, asAssetId(3))).toBeUndefined()
  expect([0, 1, 2].map((height) => check('recent', proveRecent(chain, height)))).toEqual([true, true, true])
  expect(recentBlockOf(proveRecent(chain, 2)!.bytes)).toMatchObject({
    blockId: chain.head.id,
    height: 2n,
    count: 2,
    timestamp: 1_002n,
  })
  for (const height of [3, -1, 66]) expect(proveRecent(chain, height)).toBeUndefined()
  expect(check('chain', proveChain(chain))).toBe(true)
  // A freed row can be shown, but no key with it.
  const freed = proveRow(chain, 'utxos', 1)
  expect(verifyRow(browser, chain.stateRoot, 'utxos', freed)).toBe(true)
  expect(verifyPresence(browser, chain.stateRoot, 'utxos', new Uint8Array(32), freed)).toBe(false)
})

test('LED-8: sizes of row proofs', () => {
  const { chain } = busyChain()
  const sizes = (['accounts', 'balances', 'utxos', 'storage', 'assets', 'recent', 'chain'] as const).map(
    (table) => sizeOf(proveRow(chain, table, 0)),
  )
  expect(sizes).toEqual([1_184, 1_184, 1_248, 1_248, 1_376, 1_248, 1_376])
})

test('LED-7: every header field is shown under the block id, as its own field only', () => {
  const { block } = busyChain()
  const { header, id } = block
  for (const field of Object.keys(header) as (keyof typeof header)[]) {
    const { chunk, branch } = proveHeaderField(S.provider, header, field)
    expect(chunk.length + branch.length).toBe(192)
    expect(verifyHeaderField(browser, id, field, chunk, branch)).toBe(true)
    const other = field === 'view' ? 'height' : 'view'
    expect(verifyHeaderField(browser, id, other, chunk, branch)).toBe(false)
    chunk[0]! ^= 1
    expect(verifyHeaderField(browser, id, field, chunk, branch)).toBe(false)
  }
  const { branch } = proveHeaderField(S.provider, header, 'height')
  expect(verifyHeaderField(browser, id, 'height', uintToLe(1n, 32), branch)).toBe(true)
})

test('LED-7: transactions, receipts, logs and results of package items are shown up to the header', () => {
  const chain = S.newChain()
  const say = S.nativeCall(chain, { calls: [S.callRules('say', { count: 5 })] })
  const items = [1n, 10n ** 30n, 3n].map((amount) => ({ payer: 1, payee: 2, amount }))
  const broke = S.transfer(chain, { amount: 10n ** 30n })
  const envelopes = [
    S.transfer(chain),
    broke,
    S.transfer(chain),
    say,
    S.pack(chain, { items, mode: 'perItem' }),
    S.ethereum(chain),
  ]
  const batches = S.batchesOf(chain, envelopes)
  const ids = envelopes.map((envelope, i) => (i === 1 ? undefined : admit(chain, envelope).id))
  const block = S.addBlock(chain, envelopes, batches)
  const { payloadRoot, receiptsRoot } = block.header
  const receiptIds = S.receiptsOf(block).map(({ id }) => id)
  expect(batches.map(({ batch }) => batch.count)).toEqual([3, 3])

  for (const [i, id] of receiptIds.entries()) {
    if (i !== 1) expect(id).toEqual(ids[i])
    const proof = proveTransaction(S.provider, batches, id)!
    expect(verifyTransactionProof(browser, payloadRoot, id, proof)).toBe(true)
    expect(proof.batch.branch.length + proof.payload.branch.length).toBe(64 + 32)
    for (const wrong of [
      { seal: id },
      { kind: 1 - proof.kind },
      { kind: -1 },
      { batch: { ...proof.batch, index: (proof.batch.index + 1) % 3 } },
      { batch: { ...proof.batch, length: 4 } },
      { payload: { ...proof.payload, index: 1 - proof.payload.index } },
    ]) {
      expect(verifyTransactionProof(browser, payloadRoot, id, { ...proof, ...wrong })).toBe(false)
    }
    expect(verifyTransactionProof(browser, payloadRoot, receiptIds[(i + 1) % 6]!, proof)).toBe(false)

    const shown = proveReceipt(S.provider, block.receipts, i)
    expect(verifyReceipt(browser, receiptsRoot, shown.receipt, shown.proof)).toBe(true)
    expect(shown.proof.branch.length).toBe(96)
    expect(showsSuccess(shown.receipt, id)).toBe(i !== 1)
    expect(showsSuccess(shown.receipt, receiptIds[(i + 1) % 6]!)).toBe(false)
    const altered = shown.receipt.slice()
    altered[64]! ^= 1
    expect(verifyReceipt(browser, receiptsRoot, altered, shown.proof)).toBe(false)
    expect(verifyReceipt(browser, receiptsRoot, shown.receipt.subarray(0, 64), shown.proof)).toBe(false)
  }
  expect(proveTransaction(S.provider, batches, asHash(new Uint8Array(32)))).toBeUndefined()

  const logs = block.logs.get(3)!
  const logsRoot = resultsRootOf(proveReceipt(S.provider, block.receipts, 3).receipt)
  expect(logs.length).toBe(5)
  for (const [i, log] of logs.entries()) {
    const proof = proveLog(S.provider, logs, i)
    expect(verifyLog(browser, logsRoot, log, proof)).toBe(true)
    expect(verifyLog(browser, logsRoot, logs[(i + 1) % 5]!, proof)).toBe(false)
    expect(verifyLog(browser, logsRoot, { ...log, topics: log.topics.slice(1) }, proof)).toBe(false)
    expect(verifyLog(browser, logsRoot, { ...log, address: log.address.subarray(1) }, proof)).toBe(false)
  }

  const results = block.itemResults.get(4)!
  const itemsRoot = resultsRootOf(proveReceipt(S.provider, block.receipts, 4).receipt)
  for (const i of items.keys()) {
    const result = results.subarray(32 * i, 32 * i + 32)
    const proof = proveItemResult(S.provider, results, i)
    expect(verifyItemResult(browser, itemsRoot, result, proof)).toBe(true)
    expect(verifyItemResult(browser, itemsRoot, result, { ...proof, index: (i + 1) % 3 })).toBe(false)
  }
})

test('LED-4: inclusion in a recent block is shown for as long as it is recent', () => {
  const chain = S.newChain()
  const envelopes = [S.transfer(chain), S.pack(chain), S.ethereum(chain)]
  const ids = envelopes.map((envelope) => admit(chain, envelope).id)
  S.addBlock(chain, envelopes)
  const heightOf = (id: Hash) => {
    const proof = proveIncluded(chain, id)
    return proof && verifyIncluded(browser, chain.stateRoot, id, proof)
  }
  expect(ids.map(heightOf)).toEqual([1n, 1n, 1n])
  expect(heightOf(asHash(new Uint8Array(32)))).toBeUndefined()
  const proof = proveIncluded(chain, ids[0]!)!
  expect(verifyIncluded(browser, chain.stateRoot, ids[1]!, proof)).toBeUndefined()
  expect(
    verifyIncluded(browser, chain.stateRoot, ids[0]!, { ...proof, recent: proveRecent(chain, 0)! }),
  ).toBeUndefined()
  S.addEmptyBlocks(chain, 63)
  expect(ids.map(heightOf)).toEqual([1n, 1n, 1n])
  S.addEmptyBlocks(chain, 1)
  expect(ids.map(heightOf)).toEqual([undefined, undefined, undefined])
})

test('LED-4: a transaction that was not included is shown to have expired', () => {
  const chain = S.newChain()
  S.addEmptyBlocks(chain, 3)
  const markHeader = chain.head.header
  const mark = chain.head.id
  const describe = (blocks: number) => {
    const validUntil = asHeight(BigInt(markHeader.height + blocks))
    const envelope = S.transfer(chain, { mark, validUntil })
    return { id: admit(chain, envelope).id, mark, validUntil, envelope }
  }
  const lost = describe(64)
  const brief = describe(2)
  const used = describe(5)
  const filler = Array.from({ length: 9 }, () => S.transfer(chain, { mark, validUntil: asHeight(5n) }))
  S.addBlock(chain, [used.envelope, ...filler])
  S.addBlock(chain, [S.transfer(chain)])
  const holds = (one: typeof lost, changed = {}) => {
    const proof = proveExpired(chain, one, markHeader)
    return proof === undefined
      ? undefined
      : verifyExpired(browser, chain.stateRoot, one, { ...proof, ...changed })
  }
  expect([lost, brief, used].map((one) => holds(one))).toEqual([undefined, true, undefined])
  S.addEmptyBlocks(chain, 61)
  expect(holds(lost)).toBeUndefined()
  S.addEmptyBlocks(chain, 1)
  expect([lost, brief, used].map((one) => holds(one))).toEqual([true, true, undefined])

  const proof = proveExpired(chain, lost, markHeader)!
  expect(proof.gaps.length).toBe(64)
  expect(proof.rows.length + proof.markBranch.length + proof.tableBranch.length).toBe(8_448)
  expect(holds(lost, { gaps: proof.gaps.slice(1) })).toBe(false)
  expect(holds(lost, { gaps: [...proof.gaps.slice(1), proof.gaps[0]] })).toBe(false)
  expect(holds(lost, { markHeight: proof.markHeight + 1n })).toBe(false)
  expect(holds(lost, { rows: proof.rows.subarray(128) })).toBe(false)
  expect(verifyExpired(browser, chain.stateRoot, { ...lost, id: used.id }, proof)).toBe(false)
  expect(verifyExpired(browser, chain.stateRoot, { ...lost, validUntil: lost.validUntil - 1n }, proof)).toBe(
    false,
  )
  expect(verifyExpired(browser, chain.head.header.stateRoot, lost, proof)).toBe(false)
  expect(() => proveExpired(chain, lost, chain.head.header)).toThrow(
    expect.objectContaining({ kind: 'MarkUnknown' }),
  )

  S.addEmptyBlocks(chain, 1)
  expect(holds(lost)).toBeUndefined()
})

test('LED-4: a validity that its mark does not allow, or that is over before it begins, needs no block to be shown', () => {
  const chain = S.newChain()
  const { header, id } = chain.head
  for (const validUntil of [0n, 65n, 2n ** 64n - 1n]) {
    const one = { id, mark: id, validUntil }
    const proof = proveExpired(chain, one, header)!
    expect(proof.gaps).toEqual([])
    expect(verifyExpired(browser, chain.stateRoot, one, proof)).toBe(true)
    expect(verifyExpired(browser, chain.stateRoot, { ...one, validUntil: 1n }, proof)).toBe(false)
  }
})
