import { asAddress, asHash, equalBytes } from '@banyan/base'
import { stateView } from '@banyan/ledger'
import { expect, test } from 'vitest'
import { newChain } from './small-chain.js'

const contract = asAddress(new Uint8Array(20).fill(7))
const key = asHash(new Uint8Array(32).fill(8))
const value = Uint8Array.of(1, 2, 3)

test('LED-1: a genesis can start with rows in the storage of contracts', () => {
  const chain = newChain(undefined, { storage: [{ contract, key, value }] })
  expect(stateView(chain.state).storage(key)).toEqual(value)
  expect(equalBytes(chain.genesisId, newChain().genesisId)).toBe(false)
})

test('LED-1: a genesis with a storage row that stands twice, is empty or too long is refused', () => {
  const rows = [
    [
      { contract, key, value },
      { contract, key, value },
    ],
    [{ contract, key, value: new Uint8Array(4) }],
    [{ contract, key, value: new Uint8Array(65).fill(1) }],
  ]
  for (const storage of rows) {
    expect(() => newChain(undefined, { storage })).toThrowError(
      expect.objectContaining({ kind: 'GenesisInvalid' }),
    )
  }
})
