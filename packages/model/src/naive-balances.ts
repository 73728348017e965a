/** Fees in pip. */
export type NaiveFees = {
  /** Base fee of a transfer that makes no row. */
  readonly transfer: bigint
  /** What a transfer pays on top if it makes its payee's row. */
  readonly newRow: bigint
}

/** Holders are named by any string; amounts in base units, the tip in pip. */
export type NaiveTransfer = {
  readonly payer: string
  readonly payee: string
  readonly asset: number
  readonly amount: bigint
  readonly tip: bigint
}

/** The arithmetic of transfers alone, on a Map per asset: no bytes, no hashes, no marks, no replays. */
export type NaiveBalances = {
  /** By asset number, FIG first; then by holder. */
  readonly tables: readonly ReadonlyMap<string, bigint>[]
  readonly credit: (asset: number, holder: string, amount: bigint) => void
  /** A skipped transfer changes nothing, a failed one takes its fee. Fees add up in `earned`. */
  readonly apply: (transfer: NaiveTransfer) => 'success' | 'failed' | 'skipped'
  /** Fees since the start, in pip. */
  readonly earned: { base: bigint; tips: bigint }
}

/** Empty balances of FIG and of `assets` - 1 other assets. */
export function createNaiveBalances(assets: number, fees: NaiveFees): NaiveBalances {
  const tables = Array.from({ length: assets }, () => new Map<string, bigint>())
  const earned = { base: 0n, tips: 0n }
  const fig = tables[0]!

  function credit(asset: number, holder: string, amount: bigint): void {
    const table = tables[asset]!
    table.set(holder, (table.get(holder) ?? 0n) + amount)
  }

  function pay(holder: string, base: bigint, tip: bigint): void {
    fig.set(holder, fig.get(holder)! - base - tip)
    earned.base += base
    earned.tips += tip
  }

  return {
    tables,
    credit,
    earned,
    apply({ payer, payee, asset, amount, tip }) {
      const table = tables[asset]!
      const base = table.has(payee) ? fees.transfer : fees.transfer + fees.newRow
      const funds = fig.get(payer)
      if (funds === undefined || funds < base + tip) return 'skipped'
      const spendable = asset === 0 ? funds - base - tip : (table.get(payer) ?? 0n)
      if (spendable < amount) {
        pay(payer, fees.transfer, tip)
        return 'failed'
      }
      pay(payer, base, tip)
      if (table.has(payer)) credit(asset, payer, -amount)
      credit(asset, payee, amount)
      return 'success'
    },
  }
}
