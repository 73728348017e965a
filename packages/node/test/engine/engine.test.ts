import { toHex } from '@banyan/base'
import { envelopesOf, readReceipt } from '@banyan/ledger'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { transfer } from './people.js'
import { TestNetwork } from './test-network.js'

test('CON-1: four validators agree on blocks that order transactions', async () => {
  const network = await TestNetwork.start(testSeed('four validators'))
  await network.reach(2)
  for (let i = 0; i < 200; i++) {
    const node = network.nodes[i % 4]!
    const { final, chain } = node.engine.view()
    await node.submit(transfer(chain, { id: final.id, height: final.header.height }, i))
    if (i % 20 === 19) await network.scheduler.until(() => false, 30)
  }
  const included = (node: (typeof network.nodes)[number]) =>
    node.finals.reduce((sum, { executed }) => sum + executed.header.transactionCount, 0)
  expect(await network.scheduler.until(() => network.nodes.every((node) => included(node) >= 200), 20_000)).toBe(true)
  network.expectAgreement()
  for (const { finals } of network.nodes) {
    for (const { executed } of finals) {
      for (let i = 0; i < executed.header.transactionCount; i++) {
        expect(readReceipt(executed.receipts, i).status).toBe('success')
      }
    }
  }
  void toHex
  void envelopesOf
})
