import { type Address, asAddress, equalBytes, toHex, utf8 } from '@banyan/base'
import {
  decodeTransfer,
  type Log,
  readReceipt,
  type Transaction,
  transferRecordLength,
  transferRecords,
  transferType,
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
import type { FinalBlock, HistoryIndex } from '@banyan/node/history'
import { provider, type RandomChain } from './random-chain.js'

/** Everything in arrays, and every question answered by looking at all of it. */
export type Naive = Pick<HistoryIndex, 'receipts'> & { readonly history: History }

type Kept = {
  readonly record: BlockRecord
  readonly block: FinalBlock
  readonly included: IncludedTransaction[]
}

const transferTopic = provider.keccak256(utf8('Transfer(address,address,uint256)'))

/** A history of the blocks `from` to `to`. */
export function naiveHistory(chain: RandomChain, from: number, to: number): Naive {
  const kept = new Map<number, Kept>()
  for (let height = from; height <= to; height++) kept.set(height, keep(chain, height))
  const all = [...kept.values()].flatMap(({ included }) => included)
  const newestBefore = (before: TransactionPlace | undefined): IncludedTransaction[] =>
    all
      .filter(
        ({ height, index }) =>
          before === undefined ||
          height < before.height ||
          (height === before.height && index < before.index),
      )
      .reverse()
  const history: History = {
    oldest: () => from,
    blockAt: async (height) => kept.get(height)?.record,
    blockById: async (id) => [...kept.values()].find(({ record }) => equalBytes(record.id, id))?.record,
    ids: async (height, first, limit) =>
      (kept.get(height)?.included ?? []).slice(first, first + limit).map(({ receipt }) => receipt.id),
    included: async (height, first, limit) => (kept.get(height)?.included ?? []).slice(first, first + limit),
    transaction: async (id) => all.find(({ receipt }) => equalBytes(receipt.id, id)),
    logs: async (query) => {
      const { after, limit } = query
      const passing = [...kept.values()]
        .flatMap(placed)
        .filter(({ height }) => height >= query.from && height <= query.to)
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
        .filter((one) => isOf(account, one))
        .slice(0, limit),
  }
  return {
    history,
    receipts: async (height) => kept.get(height)?.block.block.receipts,
  }
}

function isOf(account: Address, { sender, transaction, logs }: IncludedTransaction): boolean {
  const topic = `0x${'00'.repeat(12)}${toHex(account).slice(2)}`
  const paid =
    transaction.kind === 'transfer'
      ? [transaction.payee]
      : transaction.kind === 'ethereum'
        ? [transaction.to]
        : transaction.kind === 'native'
          ? transaction.body.calls.map(({ to }) => to)
          : []
  if ([sender, ...paid].some((one) => equalBytes(one, account))) return true
  return logs.some(
    ({ topics }) =>
      topics.length >= 3 &&
      equalBytes(topics[0]!, transferTopic) &&
      (toHex(topics[1]!) === topic || toHex(topics[2]!) === topic),
  )
}

function ordered({ batches }: FinalBlock): { readonly transaction: Transaction; readonly sender: Address }[] {
  return batches.flatMap(({ batch, entries, senders }) => {
    if (batch.kind === 'general') {
      return entries.map(({ transaction, verified }) => ({
        transaction: transaction as Transaction,
        sender: verified.sender,
      }))
    }
    const bytes = new Uint8Array(senders.buffer, senders.byteOffset)
    return Array.from({ length: batch.count }, (_, i) => {
      const record = transferRecords(batch).subarray(i * transferRecordLength, (i + 1) * transferRecordLength)
      const transaction: Transaction = decodeTransfer(Uint8Array.of(transferType, ...record))
      return { transaction, sender: asAddress(bytes.slice(i * 20, i * 20 + 20)) }
    })
  })
}

function keep(chain: RandomChain, height: number): Kept {
  const final = chain.blocks[height]!
  const { block, baseFee } = final
  const included: IncludedTransaction[] = []
  let logsBefore = 0
  let gasBefore = 0
  for (const [i, { transaction, sender }] of ordered(final).entries()) {
    const receipt = readReceipt(block.receipts, i)
    if (receipt.status === 'skipped') continue
    const logs = receipt.status === 'success' ? logsOf(chain, block, i, transaction) : []
    const place = { height, blockId: block.id, index: included.length }
    included.push({ transaction, sender, ...place, receipt, logs, logsBefore, gasBefore, baseFee })
    logsBefore += logs.length
    gasBefore += receipt.gasUsed
  }
  const { header, id } = block
  const size = chain.encoded[height]!.length
  const record = { header, id, size, included: included.length, gasUsed: gasBefore, baseFee }
  return { record, block: final, included }
}

function logsOf(
  chain: RandomChain,
  block: FinalBlock['block'],
  index: number,
  transaction: Transaction,
): readonly Log[] {
  if (transaction.kind === 'transfer') return transferEvents(provider, transaction)
  if (transaction.kind !== 'package') return block.logs.get(index) ?? []
  return packageEvents(provider, transaction, block.itemResults.get(index)!, chain.addressOf)
}

function placed({ record, included }: Kept): PlacedLog[] {
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
