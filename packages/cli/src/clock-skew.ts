import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A day: files from another time zone's archive may be from tomorrow. */
const toleranceMs = 86_400_000

/** A clock that stands as long before a block that is final is wrong: nobody accepts blocks from so far in the future. */
const blockToleranceMs = 10_000

/** Whether the clock stands before the newest block of a network, made at this time in ms since 1970. */
export function isBeforeBlock(blockTime: number): boolean {
  return Date.now() + blockToleranceMs < blockTime
}

/**
 * A clock that stands before the time at which this program was written to the disk is wrong: returns that time, ms since
 * 1970. Without a network there is nothing else to compare with.
 */
export async function clockSkew(): Promise<number | undefined> {
  const { mtimeMs } = await stat(fileURLToPath(import.meta.url))
  return Date.now() + toleranceMs < mtimeMs ? mtimeMs : undefined
}
