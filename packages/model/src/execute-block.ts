import { toHex } from '@banyan/base'
import { applyPackage } from './apply-package.js'
import { applyTransfer } from './apply-transfer.js'
import { type Batch, batchDigest, payloadRoot } from './batch.js'
import { type BlockRun, type Candidate, setFig } from './block-run.js'
import { nextPrices } from './fees.js'
import { type Header, historyRoot } from './header.js'
import { tag } from './merkle.js'
import { type Receipt, receiptsRoot, skippedReceipt } from './receipt.js'
import { recordBlock } from './record-block.js'
import { stateRoot } from './state-root.js'
import { hasRoom, invalidity } from './validity.js'

/** What a proposer chooses besides the transactions. */
export type BlockFields = Pick<
  Header,
  | 'view'
  | 'parentView'
  | 'proposer'
  | 'timestamp'
  | 'sideChainRoot'
  | 'nextCommitteeHash'
  | 'consensusData'
  | 'justification'
> & {
  /** Root of the state after the parent block, if the caller knows it; otherwise it is computed, which is slow. */
  readonly stateRoot?: Uint8Array
}

export type BlockResult = {
  readonly id: Uint8Array
  readonly header: Header
  readonly receipts: readonly Receipt[]
  /** Root of the ids of the transactions that were not skipped. */
  readonly idsRoot: Uint8Array
}

/** Account that receives the base part of all fees. */
export const feePoolAddress = tag('banyan/fees').slice(0, 20)

/** Executes the next transaction of a block, or skips it if it must not be there. */
export function include(run: BlockRun, candidate: Candidate): Receipt {
  const refusal = invalidity(run, candidate)
  const receipt = refusal === undefined ? apply(run, candidate) : skippedReceipt(candidate.id, refusal)
  run.receipts.push(receipt)
  return receipt
}

function apply(run: BlockRun, candidate: Candidate): Receipt {
  const { transaction } = candidate
  run.seenIds.add(toHex(candidate.id))
  return transaction.kind === 'transfer'
    ? applyTransfer(run, { ...candidate, transaction })
    : applyPackage(run, { ...candidate, transaction })
}

/** Closes a block whose transactions, those of the batches, are executed: the state is the one after it from now on. */
export function finishBlock(run: BlockRun, fields: BlockFields, batches: readonly Batch[]): BlockResult {
  const { state, receipts } = run
  const header = buildHeader(run, fields, batches)
  payOut(run, feePoolAddress, run.baseFees)
  const proposer = toHex(fields.proposer)
  const isReachable = run.layer.get(0, proposer) !== undefined || hasRoom(state, run.layer, 0)
  payOut(run, isReachable ? fields.proposer : feePoolAddress, run.tips)
  run.layer.commit()
  state.prices = nextPrices(state, run.gas)
  state.gasUsed = run.gas
  const included = receipts.filter((receipt) => receipt.status !== 'skipped')
  const recorded = recordBlock(
    state,
    header,
    included.map((receipt) => receipt.id),
  )
  return { id: recorded.id, header, receipts, idsRoot: recorded.idsRoot }
}

/** Credits fees at the end of a block; an account that is new gets its row without state gas. */
function payOut(run: BlockRun, address: Uint8Array, amount: bigint): void {
  const hex = toHex(address)
  if (amount > 0n) setFig(run, hex, (run.layer.get(0, hex) ?? 0n) + amount)
}

function buildHeader(run: BlockRun, fields: BlockFields, batches: readonly Batch[]): Header {
  const { state, receipts } = run
  const ids = receipts.map((receipt) => receipt.id)
  const digests: Uint8Array[] = []
  let from = 0
  for (const batch of batches) {
    digests.push(batchDigest(batch, ids.slice(from, from + batch.transactions.length)))
    from += batch.transactions.length
  }
  const { stateRoot: known, ...chosen } = fields
  return {
    ...chosen,
    version: 1,
    chainId: state.chainId,
    height: run.height,
    parentId: state.blockIds.at(-1)!,
    payloadRoot: payloadRoot(digests),
    transactionCount: ids.length,
    receiptsRoot: receiptsRoot(receipts),
    stateRoot: known ?? stateRoot(state),
    historyRoot: historyRoot(state.blockIds),
  }
}
