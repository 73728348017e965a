import { access, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { banyanError } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import type { Plan } from '../rollup/plan.js'
import { requirePeriod } from '../rollup/require-period.js'
import type { ChargeBook } from '../store/port.js'
import { readArchiveFile } from './archive-file.js'
import type { EmbeddedStore } from './embedded-store.js'

/** Rows of settled periods as Parquet, one file for each, instead of in the store. */
export type Archive = {
  /**
   * Writes the public parts of all periods that were planned before a time and are closed, checks that every anchor follows from what the
   * files hold, and drops their rows from the store. Whatever interrupts it, the next call goes on. Errors: PeriodInvalid if a file does not
   * prove its period, StoreFailed, DiskFailed; then nothing of that period is dropped.
   */
  readonly retire: (before: number) => Promise<Retired>
}

export type Retired = {
  /** Files that were written. */
  readonly files: number
  /** The newest period that only the archive has to keep; missing if there is none. */
  readonly period?: string
}

export type ArchiveOptions = {
  readonly store: EmbeddedStore
  /** For the files. */
  readonly folder: string
  readonly region: string
}

export function openArchive({ store, folder, region }: ArchiveOptions): Archive {
  /** Periods whose files were found to prove them since this was opened. */
  const proven = new Set<string>()

  const prove = async (file: string, plan: Plan): Promise<void> => {
    const rows = readArchiveFile(file, plan.first, plan.last)
    await requirePeriod(rows, plan, { region, keccak256: native.keccak256 })
    proven.add(plan.period)
  }
  /** Whether the file had to be written. It has its name only after it was proven and is durable. */
  const ensure = async (plan: Plan): Promise<boolean> => {
    const { first, last, period } = plan
    const name = `rows-${first}-${last}.parquet`
    const file = join(folder, name)
    if (await isThere(file)) {
      if (!proven.has(period)) await prove(file, plan)
      return false
    }
    const part = `${file}.part`
    await onDisk(folder, () => mkdir(folder, { recursive: true }))
    await store.exportParquet(first, last, part)
    await prove(part, plan)
    await onDisk(part, () => sync(part))
    await onDisk(file, () => rename(part, file))
    await onDisk(folder, () => sync(folder))
    return true
  }

  return {
    retire: async (before) => {
      let files = 0
      let newest: string | undefined
      const time = new Date(before).toISOString()
      for await (const plan of closedPlans(store)) {
        // A period that is named by its day alone has rows of the whole day.
        if (plan.period >= time.slice(0, plan.period.length)) break
        newest = plan.period
        if (plan.last < store.first() || plan.last < plan.first) continue
        if (await ensure(plan)) files++
        await store.dropBefore(plan.last + 1)
      }
      return { files, ...(newest === undefined ? {} : { period: newest }) }
    },
  }
}

/** Plans of periods that are settled, oldest first. */
async function* closedPlans(book: Pick<ChargeBook, 'events'>): AsyncGenerator<Plan, void, undefined> {
  let plan: Plan | undefined
  for await (const event of book.events()) {
    if (event.type === 'planned') plan = event.plan
    else if (event.type === 'closed') yield plan!
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

async function sync(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function onDisk(path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw banyanError('DiskFailed', { operation: 'archive', path }, error)
  }
}
