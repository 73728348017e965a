import type { PaymentGateway, TopUp } from './ports.js'

/** A gateway without money: whose limits are a table, and that gives coin by a function. */
export function createSandboxGateway({
  limitOf,
  give,
}: {
  /** pip that an account can buy in all. */
  readonly limitOf: (account: string) => bigint
  /** Gives coin to an account, once for each key. */
  readonly give: (topUp: TopUp) => Promise<void>
}): PaymentGateway {
  const held = new Map<string, TopUp>()
  const spent = new Map<string, bigint>()
  return {
    reserve: async (topUp) => {
      if (held.has(topUp.key)) return 'reserved'
      const before = spent.get(topUp.account) ?? 0n
      if (before + topUp.amount > limitOf(topUp.account)) return 'refused'
      spent.set(topUp.account, before + topUp.amount)
      held.set(topUp.key, topUp)
      return 'reserved'
    },
    deliver: async ({ key }) => {
      const topUp = held.get(key)
      if (topUp === undefined) return 'refused'
      await give(topUp)
      return 'delivered'
    },
  }
}
