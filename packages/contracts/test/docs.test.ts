import { readFileSync } from 'node:fs'
import {
  accountAbi,
  contractsPage,
  factoryAbi,
  genesisCollection,
  pricesAbi,
  tokenAbi,
  utxoAbi,
} from '@banyan/contracts'
import * as AbiFunction from 'ox/AbiFunction'
import { expect, test } from 'vitest'

test('CTR-2: docs/contracts.md is what the contracts say', () => {
  const page = readFileSync(new URL('../../../docs/contracts.md', import.meta.url), 'utf8')
  expect(page).toBe(contractsPage(genesisCollection))
})

test('CTR-2: every method, event and error is on the page', () => {
  const page = contractsPage(genesisCollection)
  const abis = [tokenAbi, factoryAbi, accountAbi, utxoAbi, pricesAbi]
  for (const item of abis.flat()) expect(page, item.name).toContain(`${item.name}(`)
})

test('CTR-2: the exported ABIs give clients types', () => {
  const transfer = AbiFunction.fromAbi(tokenAbi, 'transfer')
  const data: `0x${string}` = AbiFunction.encodeData(transfer, [`0x${'11'.repeat(20)}`, 1n])
  expect(data.startsWith('0xa9059cbb')).toBe(true)
})
