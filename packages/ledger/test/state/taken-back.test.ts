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

/** Keys of balance rows, five words of address and one of asset: the second kind sorts before the first. */
const lateKey = (number: number) => Uint32Array.of(number, 0, 0, 0, 0, 1)
const earlyKey = (number: number) => Uint32Array.of(0, number, 0, 0, 0, 1)

test('LED-7: rows that were made and taken back leave the state root as it was', () => {
  const state = emptyState()
  for (let rows = 1; rows <= 70; rows++) {
    state.balances.insert(lateKey(rows), 0)
    const root = state.commit()
    for (const extra of [1, 2, 5, 9]) {
      const made = Array.from({ length: extra }, (_, i) => state.balances.insert(earlyKey(1 + i), 0))
      for (const row of made.toReversed()) state.balances.takeBack(row, true)
      expect(state.commit(), `${extra} rows after ${rows}`).toEqual(root)
      state.beginBlock(rows)
      for (let i = 0; i < extra; i++) state.balances.insert(earlyKey(1 + i), 0)
      expect(state.commit()).not.toEqual(root)
      state.undoBlock()
      expect(state.commit(), `${extra} rows of a block after ${rows}`).toEqual(root)
    }
  }
})
