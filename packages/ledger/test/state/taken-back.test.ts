import { portable } from '@banyan/crypto'
import { State } from '@banyan/ledger'
import { expect, test } from 'vitest'

function emptyState(): State {
  const capacity = { accounts: 32, balances: 128, utxos: 32, storage: 32 }
  return new State({
    provider: portable,
    memory: 'private',
    seeds: new Uint32Array([1, 2]),
    capacity,
    maxRows: 1024,
  })
}

/** Key of a balance row: five words of address, one of asset. */
const keyOf = (number: number) => Uint32Array.of(number, 0, 0, 0, 0, 1)

test('LED-7: rows that were made and taken back leave the state root as it was', () => {
  const state = emptyState()
  for (let rows = 1; rows <= 70; rows++) {
    state.balances.insert(keyOf(rows), 0)
    const root = state.commit()
    for (const extra of [1, 2, 5, 9]) {
      const made = Array.from({ length: extra }, (_, i) => state.balances.insert(keyOf(1000 + i), 0))
      for (const row of made.toReversed()) state.balances.takeBack(row, true)
      expect(state.commit(), `${extra} rows after ${rows}`).toEqual(root)
    }
  }
})
