import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A day: files from another time zone's archive may be from tomorrow. */
const toleranceMs = 86_400_000

/**
 * A clock that stands before the time at which this program was written to the disk is wrong: returns that time, ms since
 * 1970. Without a network there is nothing else to compare with.
 */
export async function clockSkew(): Promise<number | undefined> {
  const { mtimeMs } = await stat(fileURLToPath(import.meta.url))
  return Date.now() + toleranceMs < mtimeMs ? mtimeMs : undefined
}
