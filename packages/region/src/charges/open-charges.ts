import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import {
  type Charge,
  createSandboxGateway,
  createSubscriptions,
  decodePublic,
  monthOf,
  openBanyanChain,
  openSettlement,
  type PeriodReport,
  rateOf,
  type Settlement,
  type SettlementChain,
  type Subscriptions,
} from '@banyan/billing'
import { type Archive, type EmbeddedStore, openArchive, openEmbeddedStore } from '@banyan/billing/node'
import { native } from '@banyan/crypto/native'
import { createClient, ed25519Account, type KeyAccount } from '@banyan/sdk'
import type { Subscriber } from '../accounts/port.js'
import type { WorkRecord } from '../core/index.js'
import type { Journal } from '../journal.js'
import { createWriteBehind, type WriteBehind } from '../write-behind.js'
import { type BudgetLog, openBudgetLog } from './budget-log.js'
import { type Charging, createCharging, type House } from './charging.js'
import { missingCharges } from './missing-charges.js'
import { rowAt, rowsSince } from './month-rows.js'
import { type PackedCharge, packCharge } from './packed.js'
import { openPeriods, type Periods } from './periods.js'
import type { SettlementSettings } from './settlement-file.js'
import { createSpending, type Spending } from './spending.js'
import { createDayClosing } from './subscription-days.js'
import { createUnsettled, type Unsettled } from './unsettled.js'

/** All that a region has to charge for work: what it costs, the books, and their settlement on a chain. */
export type Charges = {
  readonly house: House
  readonly currency: string
  readonly charging: Charging
  /** The charge of a record, for its line in the journal, and what puts it into the books once that line is durable. */
  readonly chargeFor: (
    record: WorkRecord,
    contributor: string | undefined,
  ) => { readonly packed: PackedCharge; readonly durable: () => void } | undefined
  /** On their way from the journal into the books. */
  readonly books: Omit<WriteBehind<Charge>, 'add'>
  readonly spending: Spending
  readonly subscriptions: Pick<Subscriptions, 'left'>
  readonly unsettled: Pick<Unsettled, 'of'>
  readonly budgets: Pick<BudgetLog, 'set'>
  readonly store: EmbeddedStore
  readonly periods: Omit<Periods, 'record'>
  /** Where rows go that are settled and old. */
  readonly archive: Archive
  readonly settlement: Pick<Settlement, 'state'>
  /** Charges what subscribers did not use of the days that are over, and settles what was charged since the last time. One call at a time does so; others wait for it. Errors: those of `settle` of billing. */
  readonly settle: () => Promise<PeriodReport>
  /** Charges and settles nothing more by itself; before the journal is closed. */
  readonly stop: () => Promise<void>
  readonly close: () => Promise<void>
}

export type ChargesOptions = {
  readonly folder: string
  readonly region: string
  readonly journal: Journal
  readonly settings: SettlementSettings
  readonly subscribers: () => Promise<readonly Subscriber[]>
  readonly now: () => number
  readonly failed: (error: unknown) => void
  /** A settlement by schedule came to an end, or subscriptions of a day could not be charged. */
  readonly settled: (outcome: { readonly report: PeriodReport } | { readonly error: unknown }) => void
}

const scheduleMs = { daily: 86_400_000, hourly: 3_600_000, never: Number.POSITIVE_INFINITY } as const
const lookMs = 60_000
/** Charges that go into the books at once. */
const maxBatch = 5_000
/** Charges that may wait for the disk before a region takes no more work. */
const maxWaiting = 50_000

/** Opens the books of a region and adds what a crash has kept from them. Errors: those of the store, of the journal and of `openSettlement`. */
export async function openCharges(options: ChargesOptions): Promise<Charges> {
  const { folder, region, settings, now } = options
  const operator = ed25519Account(settings.operatorKey)
  const house: House = {
    region,
    operator: operator.address,
    house: settings.house,
    rate: rateOf(BigInt(settings.microPerFig)),
  }
  const spending = createSpending()
  const subscriptions = createSubscriptions()
  const store = await openStore(options)
  const budgets = await openBudgetLog(join(folder, 'budgets'), spending.setBudget)
  await countMonth({ spending, subscriptions }, store, now())
  const periods = await openPeriods(store)
  const settlement = await openSettlement({
    book: { ...store, record: periods.record },
    chain: chainOf(settings, operator),
    // Nobody sells coin here: the operator advances what a customer lacks.
    gateway: createSandboxGateway({ limitOf: () => 0n, give: async () => undefined }),
    region,
    keccak256: native.keccak256,
    leastPayout: BigInt(settings.leastPayout),
    now,
  })
  const unsettled = createUnsettled(store, await store.last())
  await unsettled.countFrom(settlement.state().plan?.last ?? 0)
  // In the order of the journal: what a crash cuts off here follows the newest charge of the books there.
  const books = createWriteBehind<Charge>({
    most: maxBatch,
    write: async (charges) => {
      await store.append(charges)
      for (const charge of charges) {
        spending.note(charge)
        unsettled.note(charge)
      }
    },
    failed: options.failed,
  })
  const charging = createCharging({
    house,
    budgets: spending,
    subscriptions,
    now,
    salt,
  })
  const days = createDayClosing({
    ...options,
    currency: settings.currency,
    house,
    book: store,
    books,
    subscriptions,
    salt,
    charged: (charge) => {
      const { enterprise, enterpriseAmount: cost } = charge
      spending.book({ enterprise, at: Number(charge.at), held: 0n, cost })
      books.add(charge)
    },
    failed: (error) => options.settled({ error }),
  })
  let running: Promise<PeriodReport> | undefined
  const settle = (): Promise<PeriodReport> => {
    running ??= days
      .close()
      .then(() => settleNow(books, store, settlement, now))
      .finally(async () => {
        running = undefined
        await unsettled.countFrom(settlement.state().plan?.last ?? 0)
      })
    return running
  }
  const stopSchedule = startSchedule(options, days.close, async () => {
    await days.close()
    return (await isDue(store, settlement)) ? settle() : undefined
  })
  return {
    house,
    currency: settings.currency,
    charging: {
      ...charging,
      admit: (...request) => {
        if (books.waiting() > maxWaiting) fail('RegionBusy')
        return charging.admit(...request)
      },
    },
    chargeFor: (record, contributor) => {
      const charge = charging.charge(record, contributor)
      return charge && { packed: packCharge(charge), durable: () => books.add(charge) }
    },
    books,
    spending,
    subscriptions,
    unsettled,
    budgets,
    store,
    periods,
    archive: openArchive({ store, folder: join(folder, 'archive'), region }),
    settlement,
    settle,
    stop: async () => {
      stopSchedule()
      await days.idle()
      await running?.catch(() => undefined)
    },
    close: async () => {
      await books.settled()
      await budgets.close()
      await store.close()
    },
  }
}

function chainOf(
  { rpc, sponsor, payoutKey, asset }: SettlementSettings,
  operator: KeyAccount,
): SettlementChain {
  const client = createClient({ url: rpc, ...(sponsor === undefined ? {} : { sponsor: { url: sponsor } }) })
  return openBanyanChain({ client, payout: ed25519Account(payoutKey), operator, asset })
}

/** What was charged this month, before this start. */
async function countMonth(
  { spending, subscriptions }: { readonly spending: Spending; readonly subscriptions: Subscriptions },
  store: EmbeddedStore,
  now: number,
): Promise<void> {
  for await (const row of rowsSince(store, Date.parse(`${monthOf(now)}-01T00:00:00Z`))) {
    spending.book({ enterprise: row.enterprise, at: Number(row.at), held: 0n, cost: row.enterpriseAmount })
    spending.note(row)
    if (row.deal === 'subscription') subscriptions.use(row.enterprise, row.enterpriseAmount, Number(row.at))
  }
}

/**
 * The store, with the charges of the journal that it lacked. Ids are told apart within days of the store's clock, which therefore goes with the
 * charges that are late until they are in.
 */
async function openStore({ folder, region, journal, now }: ChargesOptions): Promise<EmbeddedStore> {
  let clock: (() => number) | undefined
  const store = await openEmbeddedStore({
    folder: join(folder, 'charges'),
    region,
    now: () => (clock ?? now)(),
  })
  const last = await store.last()
  const newest = last === 0 ? undefined : decodePublic((await rowAt(store, last)).public).id
  let late: Charge[] = []
  const append = async (): Promise<void> => {
    const time = timeOf(late[0]!)
    clock = () => time
    await store.append(late)
    late = []
  }
  for await (const charge of missingCharges(journal, newest)) {
    if (late.length === maxBatch || (late.length > 0 && timeOf(charge) - timeOf(late[0]!) > dayMs))
      await append()
    late.push(charge)
  }
  if (late.length > 0) await append()
  clock = undefined
  return store
}

const dayMs = 86_400_000
const salt = (): string => `0x${randomBytes(32).toString('hex')}`

/** Milliseconds since 1970, by which the store tells ids apart. */
function timeOf({ id }: Charge): number {
  return Number.parseInt(id.slice(2, 14), 16)
}

async function settleNow(
  books: Pick<WriteBehind<Charge>, 'settled'>,
  store: EmbeddedStore,
  settlement: Settlement,
  now: () => number,
): Promise<PeriodReport> {
  await books.settled()
  const { isOpen, plan } = settlement.state()
  if (isOpen) return settlement.settle(plan!.period)
  if (!(await isDue(store, settlement))) fail('NothingCharged')
  return settlement.settle(`${new Date(now()).toISOString().slice(0, 19)}Z`)
}

async function isDue(store: EmbeddedStore, settlement: Settlement): Promise<boolean> {
  const { isOpen, plan } = settlement.state()
  return isOpen || (await store.last()) > (plan?.last ?? 0)
}

/**
 * Settles whenever a new day or hour has begun (UTC), and closes days of subscriptions. A failure is told, and tried again at the next look.
 */
function startSchedule(
  { settings, now, settled }: ChargesOptions,
  closeDays: () => Promise<void>,
  settle: () => Promise<PeriodReport | undefined>,
): () => void {
  const length = scheduleMs[settings.schedule]
  let done = Math.floor(now() / length)
  const timer = setInterval(() => {
    const current = Math.floor(now() / length)
    if (current === done) {
      void closeDays()
      return
    }
    settle().then(
      (report) => {
        done = current
        if (report !== undefined) settled({ report })
      },
      (error: unknown) => settled({ error }),
    )
  }, lookMs)
  timer.unref()
  return () => clearInterval(timer)
}
