import {
  type Alert,
  type Budget,
  createBudgets,
  dayOf,
  monthOf,
  type PartyColumns,
  type PublicColumns,
  sharesOf,
} from '@banyan/billing'

/** What was charged: sums by wallet for this month, with days and services, and who may spend how much. */
export type Spending = {
  readonly hold: ReturnType<typeof createBudgets>['hold']
  readonly book: ReturnType<typeof createBudgets>['book']
  /** A charge that is in the books, for the sums of its parties. */
  readonly note: (charge: Columns) => void
  readonly setBudget: (wallet: string, budget: Budget | undefined) => void
  readonly of: (wallet: string, at: number) => Spent
}

/** What sums need of a charge. */
type Columns = PartyColumns & Pick<PublicColumns, 'at' | 'dservice'>

export type Sum = { count: number; amount: bigint }

export type Spent = {
  readonly month: string
  readonly spent: bigint
  readonly held: bigint
  readonly budget: Budget | undefined
  readonly alerts: readonly { readonly share: bigint; readonly at: number }[]
  /** By day and by service: what the wallet paid, and what it got. */
  readonly paid: Sums
  readonly got: Sums
}

export type Sums = { readonly days: ReadonlyMap<string, Sum>; readonly services: ReadonlyMap<string, Sum> }

type Account = { readonly paid: OwnSums; readonly got: OwnSums; alerts: { share: bigint; at: number }[] }
type OwnSums = { readonly days: Map<string, Sum>; readonly services: Map<string, Sum> }

export function createSpending(): Spending {
  const limits = new Map<string, Budget>()
  const budgets = createBudgets((wallet) => limits.get(wallet))
  /** Of one month: those of earlier months are dropped when a later one begins. */
  const accounts = new Map<string, Account>()
  let newest = ''

  const accountOf = (wallet: string, month: string): Account => {
    if (month > newest) {
      accounts.clear()
      newest = month
    }
    const found = accounts.get(wallet)
    if (found !== undefined) return found
    const made: Account = {
      paid: { days: new Map(), services: new Map() },
      got: { days: new Map(), services: new Map() },
      alerts: [],
    }
    accounts.set(wallet, made)
    return made
  }
  const keep = (alerts: readonly Alert[], at: number): readonly Alert[] => {
    for (const { enterprise, month, share } of alerts) accountOf(enterprise, month).alerts.push({ share, at })
    return alerts
  }

  return {
    hold: budgets.hold,
    book: (request) => keep(budgets.book(request), request.at),
    note: (charge) => {
      const month = monthOf(Number(charge.at))
      if (month < newest) return
      for (const [wallet, amount] of sharesOf(charge, 'in'))
        count(accountOf(wallet, month).paid, charge, amount)
      for (const [wallet, amount] of sharesOf(charge, 'out'))
        count(accountOf(wallet, month).got, charge, amount)
    },
    setBudget: (wallet, budget) => {
      if (budget === undefined) limits.delete(wallet)
      else limits.set(wallet, budget)
    },
    of: (wallet, at) => {
      const month = monthOf(at)
      const { paid, got, alerts } = accountOf(wallet, month)
      return { month, ...budgets.standing(wallet, at), budget: limits.get(wallet), alerts, paid, got }
    },
  }
}

function count({ days, services }: OwnSums, { at, dservice }: Columns, amount: bigint): void {
  add(days, dayOf(Number(at)), amount)
  add(services, dservice, amount)
}

const maxSums = 1_000

function add(sums: Map<string, Sum>, name: string, amount: bigint): void {
  const sum = sums.get(name)
  if (sum !== undefined) {
    sum.count++
    sum.amount += amount
  } else if (sums.size < maxSums) sums.set(name, { count: 1, amount })
}
