import { asAddress } from '@banyan/base'
import { createCollection } from '@banyan/ledger'
import { expect, test } from 'vitest'
import { rules } from '../rules-contract.js'
import * as S from '../small-chain.js'

test('CTR-1: a contract is found at its address and under its prefix, and nowhere else', () => {
  const prefix = S.filled(9).subarray(0, 16)
  const collection = createCollection(1, [{ ...rules, addressPrefix: prefix }])
  const other = S.filled(9).slice()
  other[19] = 1
  const outside = S.filled(9).slice()
  outside[15] = 1
  expect(collection.at(rules.address)?.contract.name).toBe(rules.name)
  expect(collection.at(S.filled(9))?.contract.name).toBe(rules.name)
  expect(collection.at(asAddress(other))?.contract.name).toBe(rules.name)
  expect(collection.at(asAddress(outside))).toBeUndefined()
  expect(collection.at(S.filled(8))).toBeUndefined()
})
