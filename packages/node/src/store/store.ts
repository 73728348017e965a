import { fail, type Hash } from '@banyan/base'
import { type Block, type Chain, createChain, finalize } from '@banyan/ledger'
import { listSnapshots, readSnapshot } from '@banyan/storage'
import { type KeptCertificate, type KeptCertificates, openCertificates } from './certificates.js'
import { openIdentity } from './identity.js'
import { blockLog, stateSnapshot } from './names.js'
import { type Logs, openLogs } from './open-logs.js'
import { type ChainStoreOptions, type LogLimits, logLimits, logOverhead } from './options.js'
import { type FinalRange, type RangeLimits, readRange } from './range.js'
import { blockRecord, finalRecord } from './records.js'
import { type Recovered, type Recovery, recover } from './recover.js'
import type { StoredBlock } from './replay.js'
import { takeSnapshot } from './take-snapshot.js'

/** A chain with its data folder. */
export type ChainStore = {
  /** Whoever uses the store moves it; only the store declares blocks of it final. */
  readonly chain: Chain
  readonly recovery: Recovery
  /** Blocks found in the folder that are above the newest final one, parents first. */
  readonly candidates: readonly StoredBlock[]
  /** The proof given with the newest final block, as far as the folder has one. */
  readonly proof: Uint8Array | undefined
  /** Records about finished epochs, oldest first. */
  readonly epochs: readonly Uint8Array[]
  /** Certificates that were kept, oldest first; some may be of views that are over. */
  readonly certificates: readonly KeptCertificate[]
  /**
   * Stores a block, which need not become final, with its proposer's vote as far as that is known, else with no bytes.
   * When it resolves, the block is durable. Calls need not wait for each
   * other: what comes while the disk is busy becomes durable together. Rejects with BlockTooLarge, RecordTooLarge,
   * LogBusy, and with the failure of the disk that stopped the store: then open it again.
   */
  readonly append: (block: Block, vote: Uint8Array) => Promise<void>
  /**
   * Declares a stored block and all its ancestors final, for a reason that `proof` holds. When it resolves, this is
   * durable, and the chain, which must lead through the block, can no longer go behind it. Errors as for `append`.
   */
  readonly finalize: (height: number, id: Hash, proof: Uint8Array) => Promise<void>
  /** Stores a certificate that the next vote relies on. Errors as for `append`. */
  readonly keep: (certificate: KeptCertificate) => Promise<void>
  /** All views up to this one are over: certificates of them may go. */
  readonly forgetKept: (epoch: number, view: number) => Promise<void>
  /** Stores a record about a finished epoch. What is declared final afterwards is durable only after it. */
  readonly endEpoch: (record: Uint8Array) => Promise<void>
  /**
   * Stores the state after the newest final block. Meanwhile blocks can be built and stored, but none is final in
   * memory before it is done, so at most 64 can follow. A call during another one shares its result.
   */
  readonly snapshot: () => Promise<void>
  /** Goes on with a chain that was restored from elsewhere, whose newest block is final for the reason in `proof`. */
  readonly adopt: (chain: Chain, proof: Uint8Array) => Promise<void>
  /** Final blocks from a height on; `undefined` if the folder does not have them. */
  readonly readRange: (from: number, limits: RangeLimits) => Promise<FinalRange | undefined>
  /** Heights of the stored snapshots, ascending. */
  readonly snapshots: () => Promise<readonly number[]>
  /** Chunks of a stored snapshot. Errors: SnapshotInvalid, DiskFailed. */
  readonly readSnapshot: (height: number) => AsyncIterable<Uint8Array>
  /** Waits for all that was begun and closes the folder. Rejects with the failure that stopped the store, if any. */
  readonly close: () => Promise<void>
}

/**
 * Opens a data folder, or makes it, and recovers its chain. Errors: GenesisMismatch, HistoryGap, LogDamaged,
 * SnapshotInvalid, OptionInvalid, GenesisInvalid, DiskFull, DiskFailed.
 */
export async function openChainStore(options: ChainStoreOptions): Promise<ChainStore> {
  try {
    return await open(options)
  } catch (error) {
    await options.disk.close()
    throw error
  }
}

async function open(options: ChainStoreOptions): Promise<ChainStore> {
  const { disk, chainOptions, repair = false } = options
  const limits = logLimits(options)
  const genesis = createChain(chainOptions)
  const identity = await openIdentity(disk, chainOptions.provider, genesis.genesisId, blockLog)
  const logs = await openLogs(disk, identity, limits, repair)
  try {
    const follower = await options.follow?.(genesis)
    const recovered = await recover(disk, logs.blocks, chainOptions, genesis, { allowGap: repair, follower })
    const certificates = await openCertificates(logs.certificates)
    const epochs = await readAll(logs)
    return storeOf(options, logs, limits, recovered, certificates, epochs)
  } catch (error) {
    for (const log of [logs.blocks, logs.certificates, logs.epochs]) await log.close()
    throw error
  }
}

async function readAll({ epochs }: Logs): Promise<readonly Uint8Array[]> {
  const records: Uint8Array[] = []
  if (epochs.last() < epochs.first()) return records
  for await (const { payload } of epochs.readFrom(epochs.first())) records.push(payload)
  return records
}

function storeOf(
  options: ChainStoreOptions,
  logs: Logs,
  limits: LogLimits,
  recovered: Recovered,
  certificates: KeptCertificates,
  epochs: readonly Uint8Array[],
): ChainStore {
  const { disk, snapshotEvery } = options
  const { recovery, index, candidates, proof } = recovered
  const refused = recovery.refused.map(({ height }) => height)
  let { chain } = recovered
  /** Newest block whose finality is durable. */
  let final = chain.head.header.height
  let waitingBytes = 0
  let newestSnapshot = recovery.snapshot ?? 0
  let taking: Promise<void> | undefined
  let failure: unknown
  /** Records of epochs on their way to the disk: no block is final before the epochs that ended below it are known. */
  let endings: Promise<unknown> = Promise.resolve()

  const stop = (error: unknown): void => {
    failure ??= error
  }

  /** What fails on the disk stops the store. */
  const guarded = async (write: () => Promise<unknown>): Promise<void> => {
    if (failure !== undefined) throw failure
    try {
      await write()
    } catch (error) {
      stop(error)
      throw error
    }
  }

  const take = async (): Promise<void> => {
    try {
      newestSnapshot = await takeSnapshot(options, { chain, log: logs.blocks, index, refused })
    } finally {
      taking = undefined
      finalize(chain, final)
    }
  }

  const snapshot = (): Promise<void> => {
    taking ??= take()
    return taking
  }

  const appendRecord = async (height: number | undefined, parts: readonly Uint8Array[]): Promise<void> => {
    if (failure !== undefined) throw failure
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    if (size > limits.maxRecordBytes) fail('RecordTooLarge', { size, limit: limits.maxRecordBytes })
    const bytes = size + logOverhead
    // The log has the same bound; asked before, so that being busy does not count as a failure of the disk.
    if (waitingBytes + bytes > limits.segmentBytes) fail('LogBusy', { name: blockLog })
    waitingBytes += bytes
    try {
      await guarded(async () => {
        const sequence = await logs.blocks.append(parts)
        if (height !== undefined) index.add(height, sequence)
      })
    } finally {
      waitingBytes -= bytes
    }
  }

  const append = (block: Block, vote: Uint8Array): Promise<void> =>
    appendRecord(block.header.height, blockRecord(block, vote))

  const becomeFinal = async (height: number, id: Hash, why: Uint8Array): Promise<void> => {
    await endings
    await appendRecord(undefined, finalRecord(height, id, why))
    final = Math.max(final, height)
    if (taking !== undefined) return
    finalize(chain, final)
    if (final - newestSnapshot >= snapshotEvery) snapshot().catch(stop)
  }

  const adopt = async (restored: Chain, why: Uint8Array): Promise<void> => {
    await taking
    chain = restored
    final = restored.head.header.height
    await guarded(snapshot)
    await appendRecord(undefined, finalRecord(final, restored.head.id, why))
  }

  const close = async (): Promise<void> => {
    await taking?.catch(stop)
    for (const log of [logs.blocks, logs.certificates, logs.epochs]) await log.close()
    await disk.close()
    if (failure !== undefined) throw failure
  }

  return {
    get chain() {
      return chain
    },
    recovery,
    candidates,
    proof,
    epochs,
    certificates: certificates.found,
    append: async (block, vote) => append(block, vote),
    finalize: becomeFinal,
    keep: (certificate) => guarded(() => certificates.append(certificate)),
    forgetKept: (epoch, view) => guarded(() => certificates.prune(epoch, view)),
    endEpoch: (record) => {
      const ending = guarded(() => logs.epochs.append([record]))
      endings = Promise.all([endings, ending])
      endings.catch(stop)
      return ending
    },
    snapshot,
    adopt,
    readRange: (from, range) => readRange(logs.blocks, index, from, range),
    snapshots: () => listSnapshots(disk, stateSnapshot),
    readSnapshot: (height) => readSnapshot(disk, stateSnapshot, height),
    close,
  }
}
