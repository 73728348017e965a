import type { Hex, PlacedLog } from '@banyan/sdk'

export type Holder = { readonly address: Hex; readonly balance: bigint }

const nobody = `0x${'0'.repeat(40)}`

/** What transfers leave to whom, the most first; those with nothing left out. */
export function holdersOf(logs: readonly Pick<PlacedLog, 'topics' | 'data'>[]): readonly Holder[] {
  const balances = new Map<string, bigint>()
  const add = (topic: Hex | undefined, amount: bigint) => {
    const address = `0x${(topic ?? '').slice(-40)}`
    if (address !== nobody) balances.set(address, (balances.get(address) ?? 0n) + amount)
  }
  for (const { topics, data } of logs) {
    const amount = BigInt(data)
    add(topics[1], -amount)
    add(topics[2], amount)
  }
  return [...balances]
    .filter(([, balance]) => balance > 0n)
    .map(([address, balance]) => ({ address: address as Hex, balance }))
    .sort((a, b) =>
      a.balance === b.balance ? (a.address < b.address ? -1 : 1) : a.balance < b.balance ? 1 : -1,
    )
}
