import { type ChargeBook, decodePublic, type PartyColumns, sharesOf } from '@banyan/billing'

/** Micro-units of rows that no period has, by wallet. */
export type Unsettled = {
  /** A charge that was just added to the books. */
  readonly note: (charge: PartyColumns) => void
  readonly of: (wallet: string) => { readonly owes: bigint; readonly earns: bigint }
  /** Counts anew, after a period has taken rows up to `settled`. */
  readonly countFrom: (settled: number) => Promise<void>
}

type Sums = { readonly owes: Map<string, bigint>; readonly earns: Map<string, bigint> }

export function createUnsettled(book: Pick<ChargeBook, 'rows'>, last: number): Unsettled {
  let sums: Sums = { owes: new Map(), earns: new Map() }
  let noted = last
  /** What comes while rows are being counted; undefined while none are. */
  let since: PartyColumns[] | undefined

  return {
    note: (charge) => {
      noted++
      since?.push(charge)
      addTo(sums, charge)
    },
    of: (wallet) => ({ owes: sums.owes.get(wallet) ?? 0n, earns: sums.earns.get(wallet) ?? 0n }),
    countFrom: async (settled) => {
      const counted: Sums = { owes: new Map(), earns: new Map() }
      const meanwhile: PartyColumns[] = []
      since = meanwhile
      for await (const group of book.rows(settled + 1, noted)) {
        for (const row of group) addTo(counted, decodePublic(row.public))
      }
      for (const charge of meanwhile) addTo(counted, charge)
      since = undefined
      sums = counted
    },
  }
}

function addTo({ owes, earns }: Sums, charge: PartyColumns): void {
  for (const [wallet, amount] of sharesOf(charge, 'in')) owes.set(wallet, (owes.get(wallet) ?? 0n) + amount)
  for (const [wallet, amount] of sharesOf(charge, 'out'))
    earns.set(wallet, (earns.get(wallet) ?? 0n) + amount)
}
