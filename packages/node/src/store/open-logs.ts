import { BanyanError } from '@banyan/base'
import { type Disk, type Log, type LogOptions, openLog } from '@banyan/storage'
import { certificateLimits } from './certificates.js'
import { blockLog, certificateLog, epochLog } from './names.js'
import type { LogLimits } from './options.js'

export type Logs = {
  readonly blocks: Log
  readonly certificates: Log
  readonly epochs: Log
}

/** Bounds of the log of epochs: a record holds a committee and a proof. */
const epochLimits = { segmentBytes: 2 ** 24, maxRecordBytes: 2 ** 22 } as const

/**
 * Opens the logs of a folder. With `repair`, damage in the middle of a log removes what comes from its file on, to be
 * fetched from peers again. Errors: LogDamaged, FormatUnknown, DiskFull, DiskFailed.
 */
export async function openLogs(
  disk: Disk,
  identity: Uint8Array,
  limits: LogLimits,
  repair: boolean,
): Promise<Logs> {
  const opened: Log[] = []
  const open = async (options: LogOptions): Promise<Log> => {
    const log = repair ? await openRepaired(disk, options) : await openLog(disk, options)
    opened.push(log)
    return log
  }
  try {
    const blocks = await open({ name: blockLog, identity, ...limits })
    const certificates = await open({ name: certificateLog, identity, ...certificateLimits })
    const epochs = await open({ name: epochLog, identity, ...epochLimits })
    return { blocks, certificates, epochs }
  } catch (error) {
    for (const log of opened) await log.close()
    throw error
  }
}

/** Opens a log; where it is damaged, without the damaged file and all later ones. */
export async function openRepaired(disk: Disk, options: LogOptions): Promise<Log> {
  for (;;) {
    try {
      return await openLog(disk, options)
    } catch (error) {
      if (!(error instanceof BanyanError) || error.kind !== 'LogDamaged') throw error
      await removeFrom(disk, options.name, String(error.details['path']))
    }
  }
}

/** Removes the damaged file and all later ones of its log, the newest first, so that no gap can be left. */
async function removeFrom(disk: Disk, name: string, path: string): Promise<void> {
  const damaged = path.slice(path.lastIndexOf('/') + 1)
  const files = (await disk.list()).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.log'))
  for (const file of files
    .filter((candidate) => candidate >= damaged)
    .sort()
    .reverse()) {
    await disk.remove(file)
    await disk.syncFolder()
  }
}
