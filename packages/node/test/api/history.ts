import { type Address, asAddress, equalBytes } from '@banyan/base'
import {
  type Batch,
  type Chain,
  type DescribedBatch,
  decodeTransfer,
  type ExecutedBlock,
  encodeBlock,
  type Log,
  readReceipt,
  type Transaction,
  transferRecordLength,
  transferRecords,
  transferType,
  walletBaseFee,
} from '@banyan/ledger'
import {
  type BlockRecord,
  type History,
  type IncludedTransaction,
  logPasses,
  type PlacedLog,
  packageEvents,
  type TransactionPlace,
  transferEvents,
} from '@banyan/node/api'

/** Test double: a history in plain arrays, which looks through everything for each question. */
export type MemoryHistory = History & {
  /** Notes a block that just became final; `baseFee` is what applied in it. */
  readonly add: (block: ExecutedBlock, described: readonly DescribedBatch[], baseFee: bigint) => BlockRecord
  /** Block, receipts and batches of a height, for proofs. */
  readonly executed: (height: number) => Kept | undefined
  /** Pretends that blocks below this height are no longer kept. */
  prunedBelow: number
}

export type Kept = {
  readonly record: BlockRecord
  readonly block: ExecutedBlock | undefined
  readonly described: readonly DescribedBatch[]
  readonly included: readonly IncludedTransaction[]
}

type Ordered = { readonly transaction: Transaction; readonly sender: Address }

function orderedOf(described: readonly DescribedBatch[]): Ordered[] {
  return described.flatMap(({ batch, entries, senders }): Ordered[] => {
    if (batch.kind === 'general') {
      return entries.map(({ transaction, verified }) => ({ transaction, sender: verified.sender }))
    }
    const records = transferRecords(batch)
    const bytes = new Uint8Array(senders.buffer, senders.byteOffset)
    return Array.from({ length: batch.count }, (_, i) => {
      const envelope = new Uint8Array(1 + transferRecordLength)
      envelope[0] = transferType
      envelope.set(records.subarray(i * transferRecordLength, (i + 1) * transferRecordLength), 1)
      return { transaction: decodeTransfer(envelope), sender: asAddress(bytes.slice(i * 20, i * 20 + 20)) }
    })
  })
}

export function createHistory(chain: Chain): MemoryHistory {
  const { provider } = chain
  const genesis: BlockRecord = {
    header: chain.head.header,
    id: chain.head.id,
    size: 600,
    included: 0,
    gasUsed: 0,
    baseFee: walletBaseFee(chain.genesis.fees.start),
  }
  const kept: Kept[] = [{ record: genesis, block: undefined, described: [], included: [] }]

  const addressOf = (number: number): Address =>
    asAddress(Uint8Array.from(chain.state.accounts.rows.bytes.subarray(number * 64, number * 64 + 20)))

  const logsOf = (block: ExecutedBlock, index: number, transaction: Transaction): readonly Log[] => {
    if (readReceipt(block.receipts, index).status !== 'success') return []
    if (transaction.kind === 'transfer') return transferEvents(provider, transaction)
    if (transaction.kind !== 'package') return block.logs.get(index) ?? []
    return packageEvents(provider, transaction, block.itemResults.get(index)!, addressOf)
  }

  const includedOf = (block: ExecutedBlock, ordered: readonly Ordered[], baseFee: bigint) => {
    const included: IncludedTransaction[] = []
    let logsBefore = 0
    let gasBefore = 0
    for (const [i, { transaction, sender }] of ordered.entries()) {
      const receipt = readReceipt(block.receipts, i)
      if (receipt.status === 'skipped') continue
      const logs = logsOf(block, i, transaction)
      const place = { height: block.header.height, blockId: block.id, index: included.length }
      included.push({ transaction, sender, ...place, receipt, logs, logsBefore, gasBefore, baseFee })
      logsBefore += logs.length
      gasBefore += receipt.gasUsed
    }
    return { included, gasUsed: gasBefore }
  }

  const at = (height: number): Kept | undefined => (height >= history.prunedBelow ? kept[height] : undefined)

  const newestBefore = (before: TransactionPlace | undefined): IncludedTransaction[] =>
    kept
      .slice(history.prunedBelow)
      .flatMap(({ included }) => included)
      .filter(
        ({ height, index }) =>
          before === undefined ||
          height < before.height ||
          (height === before.height && index < before.index),
      )
      .reverse()

  const history: MemoryHistory = {
    prunedBelow: 0,
    executed: at,
    add: (block, described, baseFee) => {
      const { header, id } = block
      const { included, gasUsed } = includedOf(block, orderedOf(described), baseFee)
      const batches: readonly Batch[] = described.map(({ batch }) => batch)
      const size = encodeBlock({ header, batches }).length
      const record = { header, id, size, included: included.length, gasUsed, baseFee }
      kept.push({ record, block, described, included })
      return record
    },
    oldest: () => history.prunedBelow,
    blockAt: async (height) => at(height)?.record,
    blockById: async (id) => kept.find(({ record }) => equalBytes(record.id, id))?.record,
    ids: async (height, from, limit) =>
      (at(height)?.included ?? []).slice(from, from + limit).map(({ receipt }) => receipt.id),
    included: async (height, from, limit) => (at(height)?.included ?? []).slice(from, from + limit),
    transaction: async (id) =>
      kept.flatMap(({ included }) => included).find(({ receipt }) => equalBytes(receipt.id, id)),
    logs: async (query) => {
      const { from, to, after, limit } = query
      const logs = kept.slice(from, to + 1).flatMap(placedLogs)
      const passing = logs
        .filter(({ log }) => logPasses(query, log))
        .filter(
          ({ height, logIndex }) =>
            after === undefined ||
            height > after.height ||
            (height === after.height && logIndex > after.logIndex),
        )
      return { logs: passing.slice(0, limit), complete: passing.length <= limit }
    },
    latest: async (before, limit) => newestBefore(before).slice(0, limit),
    activity: async (account, before, limit) =>
      newestBefore(before)
        .filter(
          ({ sender, transaction, logs }) =>
            equalBytes(sender, account) ||
            (transaction.kind === 'native' &&
              transaction.body.calls.some(({ to }) => equalBytes(to, account))) ||
            (transaction.kind === 'ethereum' && equalBytes(transaction.to, account)) ||
            logs.some(({ topics }) => topics.some((topic) => equalBytes(topic.subarray(12), account))),
        )
        .slice(0, limit),
  }
  return history
}

function placedLogs({ record, included }: Kept): PlacedLog[] {
  const { height, timestamp } = record.header
  return included.flatMap(({ receipt, index, logs, logsBefore }) =>
    logs.map((log, i) => ({
      log,
      height,
      blockId: record.id,
      timestamp,
      logIndex: logsBefore + i,
      transactionId: receipt.id,
      transactionIndex: index,
    })),
  )
}
