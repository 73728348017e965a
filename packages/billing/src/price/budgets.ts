import { fail } from '@banyan/base'

/** What a customer may spend in a calendar month (UTC), and when to say so. */
export type Budget = {
  /** Micro-units. */
  readonly perMonth: bigint
  /** In ten-thousandths of the budget, rising. */
  readonly alertAt: readonly bigint[]
}

export type Alert = { readonly enterprise: string; readonly month: string; readonly share: bigint }

export type Budgets = {
  /**
   * Holds back what a request may cost until it is booked. Error: BudgetSpent, before the request runs: nothing is done that nobody may pay.
   * Enterprises without a budget are always let in, and counted all the same.
   */
  readonly hold: (request: {
    readonly enterprise: string
    readonly at: number
    readonly most: bigint
  }) => void
  /**
   * Books what a request did cost and frees what it had held; gives the alerts that are due, each once a month. After a restart, rows of the
   * month are booked again with `held: 0n`.
   */
  readonly book: (request: {
    readonly enterprise: string
    readonly at: number
    readonly held: bigint
    readonly cost: bigint
  }) => readonly Alert[]
  /** Micro-units that were booked in the month, and that running requests hold. */
  readonly standing: (enterprise: string, at: number) => { readonly spent: bigint; readonly held: bigint }
}

type Account = { spent: bigint; held: bigint; alerted: number }

/** `YYYY-MM` of a time in UTC. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

export function createBudgets(budgetOf: (enterprise: string) => Budget | undefined): Budgets {
  /** Of one month: those of earlier months are dropped when a later one begins. */
  const accounts = new Map<string, Account>()
  let newest = ''

  const accountOf = (enterprise: string, month: string): Account => {
    if (month > newest) {
      accounts.clear()
      newest = month
    }
    const key = `${month} ${enterprise}`
    const account = accounts.get(key) ?? { spent: 0n, held: 0n, alerted: 0 }
    accounts.set(key, account)
    return account
  }

  return {
    hold: ({ enterprise, at, most }) => {
      const month = monthOf(at)
      const account = accountOf(enterprise, month)
      const budget = budgetOf(enterprise)
      if (budget !== undefined) {
        const left = budget.perMonth - account.spent - account.held
        if (most > left) fail('BudgetSpent', { enterprise, month, left: left > 0n ? left : 0n })
      }
      account.held += most
    },
    book: ({ enterprise, at, held, cost }) => {
      const month = monthOf(at)
      const account = accountOf(enterprise, month)
      account.held -= held < account.held ? held : account.held
      account.spent += cost
      const budget = budgetOf(enterprise)
      if (budget === undefined) return []
      const alerts: Alert[] = []
      for (const share of budget.alertAt.slice(account.alerted)) {
        if (account.spent * 10_000n < budget.perMonth * share) break
        account.alerted++
        alerts.push({ enterprise, month, share })
      }
      return alerts
    },
    standing: (enterprise, at) => {
      const { spent, held } = accountOf(enterprise, monthOf(at))
      return { spent, held }
    },
  }
}
