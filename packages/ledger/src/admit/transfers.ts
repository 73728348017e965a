import { transferWords } from '../block/batch.js'
import type { DescribedBatch } from '../block/describe.js'
import type { Chain } from '../chain.js'
import type { BlockExecution } from '../execute/block-execution.js'
import { refuseFlatFee } from '../execute/flat-fee.js'
import {
  recordWords,
  refuseAsset,
  refuseFig,
  setBalanceKey,
  transferFees,
  transferField,
} from '../execute/transfers.js'
import { balanceRow } from '../state/layout.js'
import { lookupBatch } from '../state/slot-table.js'
import { nextBlock } from './next-block.js'

/** What was looked up for a range of transfers. */
const payers = new Int32Array(lookupBatch)
const payees = new Int32Array(lookupBatch)
const idHashes = new Int32Array(lookupBatch)

/** Intermediate results of one transfer. */
const needed = new Uint32Array(4)
const payerKey = new Uint32Array(balanceRow.keyWords)
const payeeKey = new Uint32Array(balanceRow.keyWords)

/** What every transfer of a batch is judged by. */
type Judgement = {
  readonly block: BlockExecution
  readonly senders: Uint32Array
  readonly records: Uint32Array
  readonly fees: ReturnType<typeof transferFees>
}

/**
 * Which transfers of a batch `admit` would admit, each by itself: 1 for those, 0 for the others, for which `admit` tells the
 * reason. The signatures are known to hold. This is the hot path: accounts and ids are looked up for many transfers at once,
 * and nothing is allocated per transfer.
 */
export function admitTransfers(chain: Chain, { batch, ids, senders }: DescribedBatch): Uint8Array {
  const block = nextBlock(chain)
  const { accounts, window } = chain.state
  const records = transferWords(batch)
  const judgement: Judgement = { block, senders, records, fees: transferFees(block) }
  const verdicts = new Uint8Array(batch.count)
  for (let from = 0; from < batch.count; from += lookupBatch) {
    const size = Math.min(lookupBatch, batch.count - from)
    accounts.findMany(senders, 5, from * 5, size, payers)
    accounts.findMany(records, recordWords, from * recordWords + transferField.payee, size, payees)
    window.hashMany(ids, from * 8, size, idHashes)
    for (let k = 0; k < size; k++) {
      const isNew = !window.hasHashed(idHashes[k]!, ids, (from + k) * 8)
      if (isNew && isExecutable(judgement, from + k, payers[k]!, payees[k]!)) verdicts[from + k] = 1
    }
  }
  return verdicts
}

/** Whether the i-th transfer would succeed as the first of the block; `payer` and `payee` are account rows (-1: none). */
function isExecutable(
  { block, senders, records, fees }: Judgement,
  i: number,
  payer: number,
  payee: number,
): boolean {
  const { accounts, balances } = block.state
  const record = i * recordWords
  const validUntil =
    records[record + transferField.validUntil]! + records[record + transferField.validUntil + 1]! * 2 ** 32
  if (block.checkValidity(records, record + transferField.mark, validUntil) !== 0) return false
  const asset = records[record + transferField.asset]!
  const table = asset === 0 ? accounts : balances
  let from = payer
  let to = payee
  if (asset !== 0) {
    setBalanceKey(payerKey, senders, i * 5, asset)
    setBalanceKey(payeeKey, records, record + transferField.payee, asset)
    from = balances.find(payerKey, 0)
    to = balances.find(payeeKey, 0)
  }
  const fee = to < 0 ? fees.creating : fees.plain
  const maxFee = records[record + transferField.maxFee]!
  if (refuseFlatFee(block, payer, fee, maxFee, records[record + transferField.tip]!, needed) !== 0)
    return false
  const failure =
    asset === 0
      ? refuseFig(accounts, payer, records, record, needed)
      : refuseAsset(block, asset, from, records, record)
  return failure === 0 && (to >= 0 || table.room() > 0)
}
