import { equalBytes, fail } from '@banyan/base'
import {
  type Batch,
  blockParts,
  type Chain,
  createChain,
  type ExecutedBlock,
  finalize,
  type Head,
} from '@banyan/ledger'
import { type Log, openLog } from '@banyan/storage'
import { openIdentity } from './identity.js'
import { blockLog } from './names.js'
import { type ChainStoreOptions, type LogLimits, logLimits, logOverhead } from './options.js'
import { type Recovery, recover } from './recover.js'
import { takeSnapshot } from './take-snapshot.js'

/** A chain with its data folder. */
export type ChainStore = {
  /** Only the store declares blocks of it final. */
  readonly chain: Chain
  readonly recovery: Recovery
  /**
   * Stores the chain's next block that is not stored yet, with the batches it was executed from. When it resolves, the
   * block is durable, and final here. Calls need not wait for each other: blocks that come while the disk is busy
   * become durable together. Rejects with BlockParentWrong, BlockTooLarge, RecordTooLarge, LogBusy, and with the
   * failure of the disk that stopped the store: then open it again.
   */
  readonly append: (block: ExecutedBlock, batches: readonly Batch[]) => Promise<void>
  /**
   * Stores the state after the newest final block. Meanwhile blocks can be built and appended, but none is final in
   * memory before it is done, so at most 64 can follow. A call during another one shares its result.
   */
  readonly snapshot: () => Promise<void>
  /** Waits for all that was begun and closes the folder. Rejects with the failure that stopped the store, if any. */
  readonly close: () => Promise<void>
}

/**
 * Opens a data folder, or makes it, and recovers its chain. Errors: GenesisMismatch, HistoryGap, LogDamaged,
 * SnapshotInvalid, OptionInvalid, GenesisInvalid, DiskFull, DiskFailed.
 */
export async function openChainStore(options: ChainStoreOptions): Promise<ChainStore> {
  const { disk } = options
  try {
    return await open(options)
  } catch (error) {
    await disk.close()
    throw error
  }
}

async function open(options: ChainStoreOptions): Promise<ChainStore> {
  const { disk, chainOptions } = options
  const limits = logLimits(options)
  const genesis = createChain(chainOptions)
  const identity = await openIdentity(disk, chainOptions.provider, genesis.genesisId)
  const log = await openLog(disk, { name: blockLog, identity, ...limits })
  try {
    const { chain, recovery } = await recover(disk, log, chainOptions, genesis)
    return storeOf(options, log, limits, chain, recovery)
  } catch (error) {
    await log.close()
    throw error
  }
}

function storeOf(
  options: ChainStoreOptions,
  log: Log,
  limits: LogLimits,
  chain: Chain,
  recovery: Recovery,
): ChainStore {
  const { disk, snapshotEvery } = options
  const refused = recovery.refused.map(({ height }) => height)
  /** Newest block given to the log, and newest block that is durable. */
  let appended: Head = chain.head
  let durable = appended.header.height
  let waitingBytes = 0
  let newestSnapshot = recovery.snapshot ?? 0
  let taking: Promise<void> | undefined
  let failure: unknown

  const take = async (): Promise<void> => {
    try {
      newestSnapshot = await takeSnapshot(options, { chain, log, durable: () => durable, refused })
    } finally {
      taking = undefined
      finalize(chain, durable)
    }
  }

  const snapshot = (): Promise<void> => {
    taking ??= take()
    return taking
  }

  const stop = (error: unknown): void => {
    failure ??= error
  }

  const becomeDurable = (height: number): void => {
    durable = height
    if (taking !== undefined) return
    finalize(chain, durable)
    if (durable - newestSnapshot >= snapshotEvery) snapshot().catch(stop)
  }

  const append = async (block: ExecutedBlock, batches: readonly Batch[]): Promise<void> => {
    if (failure !== undefined) throw failure
    const { header, id } = block
    const { height } = appended.header
    if (header.height !== height + 1 || !equalBytes(header.parentId, appended.id)) {
      fail('BlockParentWrong', { head: height })
    }
    const parts = blockParts({ header, batches })
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    if (size > limits.maxRecordBytes) fail('RecordTooLarge', { size, limit: limits.maxRecordBytes })
    // The log has the same bound; asked before, so that no later block can follow one that the log refuses.
    const bytes = size + logOverhead
    if (waitingBytes + bytes > limits.segmentBytes) fail('LogBusy', { name: blockLog })
    appended = { header, id }
    waitingBytes += bytes
    try {
      await log.append(parts)
    } catch (error) {
      stop(error)
      throw error
    } finally {
      waitingBytes -= bytes
    }
    becomeDurable(header.height)
  }

  const close = async (): Promise<void> => {
    await taking?.catch(stop)
    await log.close()
    await disk.close()
    if (failure !== undefined) throw failure
  }

  return { chain, recovery, append, snapshot, close }
}
