import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BanyanError, fail, type Hex } from '@banyan/base'
import {
  amountOf,
  type Budget,
  type ChargeStore,
  encodeStatement,
  isParty,
  makeReceipt,
  makeStatement,
  type Statement,
  statementCsv,
  type Usage,
  viewRow,
} from '@banyan/billing'
import { statementPdf, writeStatementParquet } from '@banyan/billing/node'
import { amountForm } from '@banyan/central-link'
import { native } from '@banyan/crypto/native'
import { z } from 'zod'
import type { ClientAccount } from '../accounts/port.js'
import type {
  ChargeView,
  DaySum,
  Earnings,
  Periods,
  Quote,
  ServiceSum,
  Settled,
  Spend,
} from '../api/index.js'
import { finalQuote } from '../charges/charging.js'
import type { Charges } from '../charges/open-charges.js'
import type { Sum, Sums } from '../charges/spending.js'
import { chargesOf, type DeskRoute, needScope, numberIn, sent, walletOf } from './desk.js'
import { periodsOf } from './periods.js'

const budgetForm = z.strictObject({
  perMonth: amountForm.nullable(),
  /** Ten-thousandths. */
  alertAt: z.array(z.int().min(1).max(10_000)).max(10).default([8_000, 10_000]),
})

/** Prices, spending, charges and their settlement. */
export const chargeRoutes: readonly DeskRoute[] = [
  {
    method: 'GET',
    path: 'quote',
    run: async (parts, { client, query }): Promise<Quote> => {
      const { charging } = chargesOf(parts)
      const service = query.get('service') ?? ''
      const terms = (await parts.services.find(service)) ?? fail('PriceMissing', { service })
      const mean = charging.estimates.of(service)
      const usage: Usage = {
        cpuMs: BigInt(numberIn(query, 'cpuMs', Number(mean.cpuMs), 1e9)),
        gpuMs: BigInt(numberIn(query, 'gpuMs', Number(mean.gpuMs), 1e9)),
        bytes: BigInt(numberIn(query, 'bytes', Number(mean.bytes), 1e13)),
      }
      const quotes = terms.tariff.tiers
        .filter(({ name }) => client.tiers.some((tier) => String(tier) === name))
        .map(({ name }) => {
          const tier = client.tiers.find((candidate) => String(candidate) === name)!
          const quote = finalQuote(terms.tariff, client.deal, tier, usage)
          return {
            tier,
            price: String(quote.price),
            enterpriseAmount: String(quote.enterpriseAmount),
            houseAmount: String(quote.houseAmount),
          }
        })
      const estimate = { cpuMs: Number(usage.cpuMs), bytes: Number(usage.bytes) }
      return { service, currency: terms.tariff.currency, estimate, quotes }
    },
  },
  {
    method: 'GET',
    path: 'spend',
    run: (parts, { client }): Spend => spendOf(parts.region.now(), chargesOf(parts), client),
  },
  {
    method: 'PUT',
    path: 'budget',
    run: async (parts, { client, body }): Promise<Spend> => {
      const charges = chargesOf(parts)
      needScope(client, 'work')
      const parsed = budgetForm.safeParse(await body())
      if (!parsed.success)
        return fail('WorkMalformed', {
          reason: `the budget is wrong at ${parsed.error.issues[0]!.path.join('.')}`,
        })
      const { perMonth, alertAt } = parsed.data
      const budget: Budget | undefined =
        perMonth === null
          ? undefined
          : { perMonth: BigInt(perMonth), alertAt: alertAt.toSorted((a, b) => a - b).map(BigInt) }
      await charges.budgets.set(walletOf(client), budget)
      return spendOf(parts.region.now(), charges, client)
    },
  },
  {
    method: 'GET',
    path: 'earnings',
    run: async (parts, { client }): Promise<Earnings> => {
      const charges = chargesOf(parts)
      const wallet = walletOf(client)
      const { got } = charges.spending.of(wallet, parts.region.now())
      const periods = await periodsOf(charges.store, (line) => line.account === wallet)
      const settledPip = periods
        .flatMap(({ lines }) => lines)
        .filter(({ way, transfer }) => way === 'pay' && transfer !== null)
        .reduce((total, { amountPip }) => total + BigInt(amountPip), 0n)
      return {
        wallet,
        currency: charges.currency,
        open: String(charges.unsettled.of(wallet).earns),
        settled: String(settledPip / charges.house.rate),
        ...listed(got),
      }
    },
  },
  {
    method: 'GET',
    path: 'periods',
    run: async (parts, { client }): Promise<Periods> => {
      const { store } = chargesOf(parts)
      const isAll = client.scopes.includes('operate')
      const own = isAll ? undefined : walletOf(client)
      const periods = await periodsOf(store, ({ account }) => isAll || account === own)
      return { periods: periods.filter(({ lines }) => isAll || lines.length > 0) }
    },
  },
  {
    method: 'GET',
    path: 'charges/*',
    run: (parts, { client, name }): Promise<ChargeView> => chargeOf(chargesOf(parts), client, name),
  },
  {
    method: 'GET',
    path: 'statements/*',
    run: async (parts, { client, name, query, response }) => {
      const charges = chargesOf(parts)
      const statement = await statementFor(charges, walletOf(client) as Hex, name)
      const { type, bytes, end } = await fileOf(statement, query.get('format') ?? 'json')
      response.writeHead(200, {
        'content-type': type,
        'content-length': bytes.length,
        'cache-control': 'no-store',
        'content-disposition': `attachment; filename="statement-${name.replaceAll(':', '')}.${end}"`,
      })
      response.end(bytes)
      return sent
    },
  },
  {
    method: 'POST',
    path: 'settle',
    run: async (parts, { client }): Promise<Settled> => {
      const charges = chargesOf(parts)
      needScope(client, 'operate')
      const { plan, collectMs, payMs, totalMs } = await charges.settle()
      const sum = (direction: 'in' | 'out'): string =>
        String(
          plan.lines
            .filter((line) => line.direction === direction && !line.isCarriedOver)
            .reduce((total, line) => total + amountOf(line), 0n) / charges.house.rate,
        )
      return {
        period: plan.period,
        rows: plan.last - plan.first + 1,
        transfers: plan.lines.filter(({ isCarriedOver }) => !isCarriedOver).length,
        collected: sum('in'),
        paid: sum('out'),
        collectMs,
        payMs,
        totalMs,
      }
    },
  },
]

function listed({ days, services }: Sums): {
  readonly days: readonly DaySum[]
  readonly services: readonly ServiceSum[]
} {
  const told = ({ count, amount }: Sum) => ({ count, amount: String(amount) })
  return {
    days: [...days].map(([day, sum]) => ({ day, ...told(sum) })),
    services: [...services].map(([name, sum]) => ({ name, ...told(sum) })),
  }
}

function spendOf(now: number, { spending, unsettled, currency }: Charges, client: ClientAccount): Spend {
  const wallet = walletOf(client)
  const { month, spent, held, budget, alerts, paid } = spending.of(wallet, now)
  return {
    month,
    currency,
    spent: String(spent),
    held: String(held),
    budget:
      budget === undefined
        ? null
        : { perMonth: String(budget.perMonth), alertAt: budget.alertAt.map(Number) },
    alerts: alerts.map(({ share, at }) => ({ share: Number(share), at: Math.floor(at) })),
    ...listed(paid),
    unsettled: String(unsettled.of(wallet).owes),
  }
}

/** A charge with its receipt, for those who have a part in it. Errors: ChargeUnknown. */
async function chargeOf({ store, house }: Charges, client: ClientAccount, id: string): Promise<ChargeView> {
  const isId = /^0x[0-9a-f]{32}$/.test(id)
  const row = isId ? await store.find(id) : fail('ChargeUnknown', { id: id.slice(0, 64) })
  const isOperator = client.scopes.includes('operate')
  const account = isOperator ? house.operator : walletOf(client)
  const view = viewRow(row, { account, isOperator })
  const { public: open } = view
  if (!isOperator && !isParty(open, account)) return fail('ChargeUnknown', { id })
  const placed = await placeOf(store, row.sequence, account, open)
  const charge = { ...open, ...(view.private && { private: view.private }), custom: view.custom ?? {} }
  return { charge, ...placed }
}

/** Where a charge was settled, with the proof for one of its parties. */
async function placeOf(
  store: ChargeStore,
  sequence: number,
  account: string,
  open: ReturnType<typeof viewRow>['public'],
) {
  const { region, id } = open
  const period = (await periodsOf(store, () => true)).find(
    ({ first, last }) => first <= sequence && sequence <= last,
  )?.period
  if (period === undefined) return { period: null, receipt: null }
  const statement = await makeStatement({ book: store, region, account: account as Hex, month: period })
  const direction = account === open.enterprise || account === open.house ? 'in' : 'out'
  return { period, receipt: makeReceipt(statement, { id, period, direction }, native.keccak256) }
}

function statementFor({ store, house }: Charges, account: Hex, period: string): Promise<Statement> {
  if (!/^\d{4}-\d{2}[0-9A-Z:-]{0,19}$/.test(period))
    fail('PeriodInvalid', { period: period.slice(0, 40), reason: 'it is no month and no period' })
  return makeStatement({ book: store, region: house.region, account, month: period })
}

async function fileOf(
  statement: Statement,
  format: string,
): Promise<{ readonly type: string; readonly bytes: Uint8Array; readonly end: string }> {
  switch (format) {
    case 'json':
      return { type: 'application/json', bytes: Buffer.from(encodeStatement(statement)), end: 'json' }
    case 'csv':
      return {
        type: 'text/csv; charset=utf-8',
        bytes: Buffer.from(statementCsv(statement, native.keccak256)),
        end: 'csv',
      }
    case 'pdf':
      return { type: 'application/pdf', bytes: await statementPdf(statement), end: 'pdf' }
    case 'parquet':
      return { type: 'application/vnd.apache.parquet', bytes: await parquetOf(statement), end: 'parquet' }
    default:
      return fail('WorkMalformed', { reason: 'format is none of json, csv, pdf, parquet' })
  }
}

/** Errors: StoreFailed, DiskFailed. */
async function parquetOf(statement: Statement): Promise<Uint8Array> {
  const failed = (error: unknown): never => {
    if (error instanceof BanyanError) throw error
    return fail('DiskFailed', { operation: 'write', path: tmpdir() }, error)
  }
  const folder = await mkdtemp(join(tmpdir(), 'banyan-statement-')).catch(failed)
  try {
    const file = join(folder, 'statement.parquet')
    await writeStatementParquet(statement, file)
    return await readFile(file)
  } catch (error) {
    return failed(error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
