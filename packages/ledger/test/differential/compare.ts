import { concatBytes, equalBytes } from '@banyan/base'
import { type Chain, type ExecutedBlock, readReceipt } from '@banyan/ledger'
import { type BlockResult, itemResultChunk, receiptBytes } from '@banyan/model'
import { expect } from 'vitest'

/** Fails with both receipts if a receipt differs, else with the name of the first thing that does. */
export function expectSameBlock(chain: Chain, ledger: ExecutedBlock, model: BlockResult): void {
  expect(ledger.receipts.length).toBe(128 * model.receipts.length)
  for (const [i, receipt] of model.receipts.entries()) {
    const bytes = ledger.receipts.subarray(i * 128, (i + 1) * 128)
    if (!equalBytes(bytes, receiptBytes(receipt))) {
      const difference = { height: ledger.header.height, index: i, ledger: readReceipt(ledger.receipts, i) }
      expect(difference, 'receipt').toEqual({ ...difference, ledger: receipt })
    }
    const results =
      receipt.items === undefined ? undefined : concatBytes(...receipt.items.map(itemResultChunk))
    expect(same(ledger.itemResults.get(i), results), `results of items of package ${i}`).toBe(true)
  }
  const idsRoot = chain.state.window.idsRoot(chain.provider, ledger.header.height)
  expect(idsRoot, 'ids root').toEqual(model.idsRoot)
  expect({ ...ledger.header, height: BigInt(ledger.header.height) }).toMatchObject({
    receiptsRoot: model.header.receiptsRoot,
    payloadRoot: model.header.payloadRoot,
    stateRoot: model.header.stateRoot,
    historyRoot: model.header.historyRoot,
  })
  expect(ledger.id, 'block id').toEqual(model.id)
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b)
}
