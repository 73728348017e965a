import { join } from 'node:path'
import { uintToLe } from '@banyan/base'
import { type Evidence, encodeEvidence } from '@banyan/consensus'
import { tag } from '@banyan/crypto'
import { openLog } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'

/** Evidence against validators, kept for whoever punishes them: epoch (8 bytes) and evidence in each record. */
export type EvidenceFile = {
  /** Records so far. A core convicts a member once, so that an epoch adds no more than it has members. */
  readonly count: () => number
  /** Resolves when it is durable. Rejects with DiskFull, DiskFailed. */
  readonly add: (evidence: Evidence, epoch: number) => Promise<void>
  readonly close: () => Promise<void>
}

const limits = { segmentBytes: 2 ** 24, maxRecordBytes: 2 ** 22 } as const

/** Opens the log `evidence` of a node's folder. Errors: FolderLocked, LogDamaged, DiskFull, DiskFailed. */
export async function openEvidence(folder: string): Promise<EvidenceFile> {
  const disk = await openNodeDisk(join(folder, 'evidence'))
  try {
    const log = await openLog(disk, { name: 'evidence', identity: tag('banyan/evidence'), ...limits })
    return {
      count: log.last,
      add: async (evidence, epoch) => {
        await log.append([uintToLe(BigInt(epoch), 8), encodeEvidence(evidence)])
      },
      close: async () => {
        await log.close()
        await disk.close()
      },
    }
  } catch (error) {
    await disk.close()
    throw error
  }
}
