import { type Address, fail, type Hash } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { BlockRecord, History } from '../api/history.js'
import { AccountTerms } from './account-terms.js'
import { readActivity, readLatest } from './activity.js'
import { blockReader, type Reader, readReceipts } from './blocks.js'
import { openDatabase } from './database.js'
import type { FinalBlock } from './encode-block.js'
import { loadIndex } from './load.js'
import { readLogs } from './logs.js'
import { createQueue } from './queue.js'
import { createWriter } from './writer.js'

export type HistoryOptions = {
  /** Folder of the index alone. */
  readonly folder: string
  readonly provider: CryptoProvider
  readonly genesisId: Hash
  /**
   * Bytes `from` to `to`, the latter not included, of the encoded block at a height; `undefined` if it is no longer kept.
   * The index asks for blocks that it was given only.
   */
  readonly readBlock: (height: number, from: number, to: number) => Promise<Uint8Array | undefined>
  /** Address of an account number that occurs in a final block. */
  readonly addressOf: (account: number) => Address
  /** Blocks to answer for, the newest included; all by default. */
  readonly keepBlocks?: number
  /** Bytes of blocks that may wait to be written; 64 MiB by default. */
  readonly queueBytes?: number
  /** Entries to hold in memory before they are written in order, about 12 bytes each; 2^20 by default. */
  readonly sectionEntries?: number
  /** Called for each block, in order, once readers see it. */
  readonly onRecorded?: (block: BlockRecord) => void
}

export type HistoryIndex = {
  readonly history: History
  /**
   * Takes the next final block; blocks that the index has are ignored. After a gap, which the state of a peer leaves, it
   * answers for the blocks from there on. A promise means that too many wait: give no more before it resolves. Throws
   * IndexBusy, IndexClosed, and whatever made an earlier write fail.
   */
  readonly record: (block: FinalBlock) => Promise<void> | undefined
  /** Resolves when all that was recorded is durable. Rejects with what made a write fail. */
  readonly durable: () => Promise<void>
  /** Newest durable block; `undefined` in an empty index. */
  readonly head: () => number | undefined
  /** Receipts of a block, 128 bytes for each transaction in block order, skipped ones included. */
  readonly receipts: (height: number) => Promise<Uint8Array | undefined>
  /** Waits for all that was recorded, and closes the folder. Rejects with what made a write fail. */
  readonly close: () => Promise<void>
}

/**
 * Opens an index of final blocks, or makes an empty one. Errors: IndexDamaged, GenesisMismatch, FormatUnknown,
 * FolderLocked, OptionInvalid, DiskFull, DiskFailed; reading reports IndexDamaged, IndexClosed and DiskFailed.
 */
export async function openHistory(options: HistoryOptions): Promise<HistoryIndex> {
  const { folder, provider, readBlock, addressOf, keepBlocks } = options
  const sectionEntries = options.sectionEntries ?? 2 ** 20
  const queueBytes = options.queueBytes ?? 64 * 1024 * 1024
  for (const [option, value] of Object.entries({ keepBlocks: keepBlocks ?? 1, sectionEntries, queueBytes })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      fail('OptionInvalid', { option, reason: 'not a whole number from 1 on' })
    }
  }
  const database = await openDatabase(folder)
  try {
    const { seed, current } = await loadIndex(database, options.genesisId)
    const onRecorded = options.onRecorded ?? (() => undefined)
    const accounts = new AccountTerms(seed, addressOf)
    const writer = createWriter(
      { database, provider, seed, accounts, keepBlocks, sectionEntries, onRecorded },
      current,
    )
    const reader = { database, provider, readBlock, addressOf, seed, current: writer.current }
    return indexOf(reader, createQueue(queueBytes, writer.write))
  } catch (error) {
    await database.close()
    throw error
  }
}

function indexOf(reader: Reader, queue: ReturnType<typeof createQueue<FinalBlock>>): HistoryIndex {
  const { database, current } = reader
  /** Newest block that was taken in. */
  let newest = current().state?.head
  let isClosed = false

  const record = (block: FinalBlock): Promise<void> | undefined => {
    queue.check()
    if (isClosed) fail('IndexClosed', { path: database.path })
    const { height } = block.block.header
    if (newest !== undefined && height <= newest) return undefined
    if (queue.isFull()) fail('IndexBusy', { path: database.path })
    newest = height
    return queue.push(block, bytesOf(block))
  }

  const close = async (): Promise<void> => {
    isClosed = true
    try {
      await queue.drained()
    } finally {
      await database.close()
    }
  }

  return {
    history: {
      ...blockReader(reader),
      logs: (query) => readLogs(reader, query),
      latest: (before, limit) => readLatest(reader, before, limit),
      activity: (account, before, limit) => readActivity(reader, account, before, limit),
    },
    record,
    durable: queue.drained,
    head: () => current().state?.head,
    receipts: (height) => readReceipts(reader, height),
    close,
  }
}

/** Bytes that a waiting block holds, roughly. */
function bytesOf({ block, batches }: FinalBlock): number {
  return batches.reduce(
    (sum, { batch, ids, senders }) => sum + batch.bytes.length + ids.byteLength + senders.byteLength,
    block.receipts.length,
  )
}
