import { asHeight, type Hash, toHex } from '@banyan/base'
import type { ExpiringTransaction } from '@banyan/crypto'
import {
  admit,
  type Chain,
  type ExecutedBlock,
  proveAccount,
  proveChain,
  proveExpired,
  proveHeaderField,
  proveIncluded,
  proveReceipt,
  proveRecent,
  proveTransaction,
} from '@banyan/ledger'
import { testSeed } from '@banyan/testing'
import { bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { expect, test } from 'vitest'
import type * as Page from './browser/proof-page.js'
import * as S from './small-chain.js'

/** The ledger proves in Node, Chromium verifies with the crypto package alone. */

const bundle = await bundleForBrowser(new URL('./browser/proof-page.ts', import.meta.url))
const browser = useBrowser()
const digits = (bytes: Uint8Array) => toHex(bytes).slice(2)

/** A block of transfers and calls, one of which fails, and the ids of them all. */
function busyBlock(chain: Chain) {
  const envelopes = [
    S.transfer(chain),
    S.transfer(chain, { amount: 10n ** 30n }),
    S.transfer(chain),
    S.nativeCall(chain),
    S.ethereum(chain),
  ]
  const batches = S.batchesOf(chain, envelopes)
  const block = S.addBlock(chain, envelopes, batches)
  return { batches, block, ids: S.receiptsOf(block).map(({ id }) => id) }
}

/** Expects that each claim holds in the browser and none of them after any change, and that the false ones do not. */
async function expectShown(claims: readonly Page.Claim[], falseClaims: readonly Page.Claim[]): Promise<void> {
  const page = await browser.open<typeof Page>(bundle)
  const judged = await page.call('judge', claims, testSeed('altered proofs in a browser'))
  for (const { refused, ...verdict } of judged) {
    expect(verdict).toEqual({ name: verdict.name, holds: true, accepted: [] })
    expect(refused).toBeGreaterThan(5)
  }
  expect(judged.map(({ name }) => name)).toEqual(claims.map(([name]) => name))
  expect(await page.call('areShown', falseClaims)).toEqual(falseClaims.map(() => false))
}

const field = ({ header }: ExecutedBlock, name: Page.ShownField['field']) =>
  proveHeaderField(S.provider, header, name)

test('LED-7: the page holds the crypto package and nothing else of this workspace', () => {
  const own = bundle.modules.flatMap((path) => /\/packages\/(\w+)\/dist\//.exec(path)?.[1] ?? [])
  expect([...new Set(own)].sort()).toEqual(['base', 'crypto', 'testing'])
})

test('LED-7: Chromium verifies every header field, and refuses any change and any other field', async () => {
  const { block } = busyBlock(S.newChain())
  const fields = Object.keys(block.header) as Page.ShownField['field'][]
  expect(fields.length).toBe(17)
  await expectShown(
    fields.map((name) => ['headerField', block.id, field(block, name)]),
    fields.map((name, i) => [
      'headerField',
      block.id,
      { ...field(block, name), field: fields[(i + 1) % 17]! },
    ]),
  )
})

test('LED-7: Chromium verifies transactions and receipts of every kind, and refuses any change', async () => {
  const { batches, block, ids } = busyBlock(S.newChain())
  const { payloadRoot, receiptsRoot } = block.header
  const transaction = (id: Hash): Page.Claim => [
    'transaction',
    payloadRoot,
    id,
    proveTransaction(S.provider, batches, id)!,
  ]
  const shown = ids.map((_, i) => proveReceipt(S.provider, block.receipts, i))
  const receipt = (i: number, proofOf: number): Page.Claim => {
    return ['receipt', receiptsRoot, shown[i]!.receipt, shown[proofOf]!.proof]
  }
  await expectShown(
    [...ids.map(transaction), ...ids.map((_, i) => receipt(i, i))],
    ids.map((_, i) => receipt(i, (i + 1) % ids.length)),
  )
})

test('LED-7: who knows a block id only can be shown in Chromium that a payment settled', async () => {
  const { batches, block, ids } = busyBlock(S.newChain())
  const settlement = (i: number): Page.Settlement => {
    const { receipt, proof } = proveReceipt(S.provider, block.receipts, i)
    return {
      payload: field(block, 'payloadRoot'),
      transaction: proveTransaction(S.provider, batches, ids[i]!)!,
      receipts: field(block, 'receiptsRoot'),
      receipt,
      receiptProof: proof,
    }
  }
  await expectShown(
    [0, 2, 3, 4].map((i) => ['settled', block.id, ids[i]!, settlement(i)]),
    [
      ['settled', block.id, ids[1]!, settlement(1)],
      ['settled', block.id, ids[0]!, settlement(2)],
      ['settled', block.id, ids[0]!, { ...settlement(0), receipts: field(block, 'payloadRoot') }],
      ['settled', block.header.parentId, ids[0]!, settlement(0)],
    ],
  )
})

test('LED-7, LED-8: Chromium verifies state rows that are there and keys that are not, and refuses any change', async () => {
  const chain = S.newChain()
  busyBlock(chain)
  const [here, gone] = [S.addressOf(S.alice), S.filled(5)]
  const present = proveAccount(chain, here)
  const absent = proveAccount(chain, gone)
  if (present.kind !== 'present' || absent.kind !== 'absent') throw new Error('the chain lacks its accounts')
  const { stateRoot } = chain
  await expectShown(
    [
      ['presence', stateRoot, 'accounts', here, present.row],
      ['absence', stateRoot, absent.absence, 'accounts', digits(gone)],
      ['row', stateRoot, 'recent', proveRecent(chain, 1)!],
      ['row', stateRoot, 'chain', proveChain(chain)],
    ],
    [
      ['presence', stateRoot, 'accounts', gone, present.row],
      ['presence', stateRoot, 'balances', here, present.row],
      ['absence', stateRoot, absent.absence, 'accounts', digits(here)],
      ['absence', chain.head.header.stateRoot, absent.absence, 'accounts', digits(gone)],
    ],
  )
})

test('LED-4, LED-7: Chromium verifies that a transaction was included, or has expired, and refuses any change', async () => {
  const chain = S.newChain()
  S.addEmptyBlocks(chain, 2)
  const { header, id: mark } = chain.head
  const { ids } = busyBlock(chain)
  const lost = (blocks: number): ExpiringTransaction => {
    const validUntil = asHeight(BigInt(header.height + blocks))
    return { id: admit(chain, S.transfer(chain, { mark, validUntil })).id, mark, validUntil }
  }
  const [brief, long] = [lost(4), lost(64)]
  S.addBlock(chain, [S.transfer(chain)])
  S.addEmptyBlocks(chain, 62)
  const { stateRoot } = chain
  const expired = (one: ExpiringTransaction, id = one.id): Page.Claim => {
    const { mark, validUntil } = one
    return ['expired', stateRoot, { mark, validUntil }, proveExpired(chain, one, header)!, digits(id)]
  }
  const included = (id: Hash, height: bigint): Page.Claim => [
    'included',
    stateRoot,
    id,
    proveIncluded(chain, id)!,
    height,
  ]
  await expectShown(
    [...ids.map((id) => included(id, 3n)), expired(brief), expired(long)],
    [included(ids[0]!, 4n), expired(brief, ids[0]), expired(long, ids[4])],
  )
})
