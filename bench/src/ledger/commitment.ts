import type { CryptoProvider } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { State } from '@banyan/ledger'
import { createRandom } from '@banyan/testing'
import { type BenchContext, medianOf, type Row } from '../runner/benchmark.js'

const rows = 1_000_000
const touchedRows = 20_000

/** Cost of the state root per touched row, over a table of a million rows, beside the bare hashing it contains. */
export async function commitmentRow(context: BenchContext): Promise<Row> {
  let pairs = 0
  const counting: CryptoProvider = {
    ...native,
    hashPairs: (input, output) => {
      pairs += input.length / 64
      native.hashPairs(input, output)
    },
  }
  const random = createRandom(4)
  const state = filledState(counting, random)
  const pairCounts: number[] = []
  let touched = 0
  const ours = await context.median(
    touchedRows,
    () => {
      pairs = 0
      state.commit()
      pairCounts.push(pairs / touched)
    },
    () => {
      const seen = new Set<number>()
      while (seen.size < touchedRows) seen.add(1 + random.below(rows))
      for (const row of seen) {
        state.accounts.rows.touch(row)
        state.accounts.rows.words[row * 16 + 8]! ^= 1
      }
      touched = seen.size
    },
  )
  const block = random.bytes(64 * 1024)
  const out = new Uint8Array(32 * 1024)
  const hashing = await context.median(1024 * 200, () => {
    for (let i = 0; i < 200; i++) native.hashPairs(block, out)
  })
  return {
    what: 'state root, per touched row, 20,000 of 1,000,000 rows',
    unit: 'µs',
    ours: 1e6 / ours.perSecond,
    against: {
      name: 'the same number of hashes by hashtree',
      value: (medianOf(pairCounts) * 1e6) / hashing.perSecond,
    },
    goal: 1.2,
    better: 'less',
    cpuMicros: ours.cpuMicros,
  }
}

function filledState(provider: CryptoProvider, random: ReturnType<typeof createRandom>): State {
  const state = new State({
    provider,
    memory: 'shared',
    seeds: new Uint32Array([1, 2]),
    capacity: { accounts: rows, balances: 64, utxos: 64, storage: 64 },
    maxRows: 2 ** 26,
  })
  const key = new Uint32Array(5)
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < 5; k++) key[k] = random.u32()
    state.accounts.insert(key, 0)
  }
  state.commit()
  return state
}
