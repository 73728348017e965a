import type { Retired } from '@banyan/billing/node'
import type { Charges } from './charges/open-charges.js'
import type { Journal } from './journal.js'

/** Drops what a region need not keep any more: once a day, and at the start. */
export type Retention = {
  /** Resolves to what was archived, if there are books. Errors: those of `retire` of an archive, DiskFailed. */
  readonly retire: () => Promise<Retired | undefined>
  /** Resolves when nothing is being dropped, and nothing will be. */
  readonly stop: () => Promise<void>
}

export type RetentionParts = {
  readonly journal: Pick<Journal, 'dropBefore'>
  readonly charges: Pick<Charges, 'archive'> | undefined
  /** Months for which rows and records are kept. */
  readonly keepMonths: number
  readonly now: () => number
  readonly told: (outcome: { readonly retired: Retired | undefined } | { readonly error: unknown }) => void
}

const lookMs = 86_400_000
/** A row may have ended a little before rows that the books took earlier. */
const slackMs = 3_600_000

export function startRetention({ journal, charges, keepMonths, now, told }: RetentionParts): Retention {
  let running: Promise<Retired | undefined> | undefined

  const retireNow = async (): Promise<Retired | undefined> => {
    const before = monthsBefore(now(), keepMonths)
    if (charges === undefined) {
      await journal.dropBefore(before)
      return undefined
    }
    const retired = await charges.archive.retire(before)
    // The books follow the journal: it keeps what no archive has.
    if (retired.period !== undefined) await journal.dropBefore(Date.parse(retired.period) - slackMs)
    return retired
  }
  const retire = (): Promise<Retired | undefined> => {
    running ??= retireNow().finally(() => {
      running = undefined
    })
    return running
  }
  const look = (): void => {
    retire().then(
      (retired) => told({ retired }),
      (error: unknown) => told({ error }),
    )
  }
  const timer = setInterval(look, lookMs)
  timer.unref()
  look()
  return {
    retire,
    stop: async () => {
      clearInterval(timer)
      await running?.catch(() => undefined)
    },
  }
}

/** The same day so many months before (UTC), ms. */
function monthsBefore(time: number, months: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, date.getUTCDate())
}
