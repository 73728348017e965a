/** A size of network that the benchmark runs, with what its genesis and its nodes would set for that size. */
export type NetworkSize = {
  readonly validators: number
  /** Time between blocks, and between batches of one validator, ms. */
  readonly interval: number
  readonly batchInterval: number
  /** What an 8-core validator at 1 Gbit/s should reach: transactions per second, and seconds until half are final. */
  readonly goal: { readonly signed: number; readonly packaged: number; readonly seconds: number }
}

export const networkSizes: readonly NetworkSize[] = [
  {
    validators: 3,
    interval: 100,
    batchInterval: 25,
    goal: { signed: 180e3, packaged: 430e3, seconds: 0.15 },
  },
  {
    validators: 21,
    interval: 100,
    batchInterval: 25,
    goal: { signed: 180e3, packaged: 430e3, seconds: 0.25 },
  },
  {
    validators: 99,
    interval: 100,
    batchInterval: 50,
    goal: { signed: 160e3, packaged: 400e3, seconds: 0.35 },
  },
  {
    validators: 499,
    interval: 250,
    batchInterval: 250,
    goal: { signed: 120e3, packaged: 300e3, seconds: 0.7 },
  },
  {
    validators: 999,
    interval: 500,
    batchInterval: 500,
    goal: { signed: 80e3, packaged: 200e3, seconds: 1.2 },
  },
]

/** Shares of the validators that are dead, and which of every ten that are; two of three stand in a row. */
export const deadShares: readonly { readonly name: string; readonly ofTen: readonly number[] }[] = [
  { name: '', ofTen: [] },
  { name: ', 1/10 dead', ofTen: [5] },
  { name: ', 3/10 dead', ofTen: [4, 5, 8] },
]

/** Indices of the dead: spread evenly, so that a few views show what many would. */
export function deadOf(validators: number, ofTen: readonly number[]): ReadonlySet<number> {
  const members = Array.from({ length: validators }, (_, i) => i)
  return new Set(members.filter((i) => ofTen.includes(i % 10)))
}
