import type { Hex } from '@banyan/base'
import type { PrivateColumns, PublicColumns, Receipt } from '@banyan/billing'

/** `GET quote`: what a request would cost in each class of machines that may do it. */
export type Quote = {
  readonly service: string
  readonly currency: string
  /** The use that is assumed. */
  readonly estimate: { readonly cpuMs: number; readonly bytes: number }
  readonly quotes: readonly {
    readonly tier: number
    readonly price: string
    readonly enterpriseAmount: string
    readonly houseAmount: string
  }[]
}

/** Charges of one day or of one service. */
export type DaySum = { readonly day: string; readonly count: number; readonly amount: string }
export type ServiceSum = { readonly name: string; readonly count: number; readonly amount: string }

/** `GET spend`, and the answer of `PUT budget`: what an account pays in this month. */
export type Spend = {
  readonly month: string
  readonly currency: string
  readonly spent: string
  /** Held back for requests that run. */
  readonly held: string
  readonly budget: { readonly perMonth: string; readonly alertAt: readonly number[] } | null
  /** Shares of the budget, in ten-thousandths, that were reached. */
  readonly alerts: readonly { readonly share: number; readonly at: number }[]
  readonly days: readonly DaySum[]
  readonly services: readonly ServiceSum[]
  /** Of charges that no period has taken in yet. */
  readonly unsettled: string
}

/** `GET earnings`: what an account gets in this month, and how much of all was paid out. */
export type Earnings = {
  readonly wallet: string
  readonly currency: string
  readonly open: string
  readonly settled: string
  readonly days: readonly DaySum[]
  readonly services: readonly ServiceSum[]
}

/** A transaction of a settlement. */
export type Transfer = { readonly id: Hex; readonly height: number }

/** What one account pays or gets in a period, pip. */
export type PeriodLine = {
  /** How the line was met, or is to be met; `carried`: it is too little to be paid out and waits for the next period. */
  readonly way: 'collect' | 'advance' | 'pay' | 'carried'
  readonly account: string
  readonly count: number
  readonly amountPip: string
  readonly anchor: string
  readonly xor: string
  readonly transfer: Transfer | null
}

/** A period of settlement with the lines of its reader. */
export type Period = {
  readonly period: string
  readonly state: 'open' | 'settled'
  /** Sequences of its rows. */
  readonly first: number
  readonly last: number
  readonly rows: number
  readonly lines: readonly PeriodLine[]
}

/** `GET periods`, the newest first. */
export type Periods = { readonly periods: readonly Period[] }

/**
 * `GET charges/<id>`: a charge with the columns that its reader may see, and its receipt once it is settled. It is sent by `encodeJson` of
 * @banyan/base, and read by `decodeJson`.
 */
export type ChargeView = {
  readonly charge: PublicColumns & {
    readonly private?: PrivateColumns
    readonly custom: Readonly<Record<string, string>>
  }
  readonly period: string | null
  readonly receipt: Receipt | null
}

/** `POST settle`: what was settled. */
export type Settled = {
  readonly period: string
  readonly rows: number
  readonly transfers: number
  readonly collected: string
  readonly paid: string
  readonly collectMs: number
  readonly payMs: number
  readonly totalMs: number
}
