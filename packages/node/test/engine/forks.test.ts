import { equalBytes, toHex } from '@banyan/base'
import { admit } from '@banyan/ledger'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { included, submitMany } from './load.js'
import { rulesFor, transfer, validator, validatorKeys } from './people.js'
import { TestNetwork } from './test-network.js'
import type { TestNode } from './test-node.js'

test('CON-1/LED-6: a block that only some executed is taken back, and what it ordered is ordered again', async () => {
  const network = await TestNetwork.start(testSeed('forks'))
  const proposalKind = 3
  await network.reach(2)
  const heads = new Map<string, Set<unknown>>()
  // What v1 proposes reaches v2 alone: too few to certify it.
  network.passes = (from, to, bytes) => {
    for (const { name, engine } of network.nodes) {
      heads.set(name, (heads.get(name) ?? new Set()).add(toHex(engine.view().chain.head.id)))
    }
    return from !== 'v1' || bytes[0] !== proposalKind || to === 'v2'
  }
  const ids = await submitMany(network, 60, 20)
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => included(node).size === 60),
    60_000,
  )
  expect(done).toBe(true)
  network.expectAgreement()
  const { address } = validatorKeys(1)
  for (const node of network.nodes) {
    expect(included(node)).toEqual(new Set(ids))
    const after = node.finals.filter(({ block }) => block.header.height > 4)
    expect(after.filter(({ block }) => equalBytes(block.header.proposer, address))).toEqual([])
  }
  const final = new Set<unknown>(network.nodes[1]!.finals.map(({ executed }) => toHex(executed.id)))
  const taken = [...heads.get('v1')!].filter(
    (id) => !final.has(id) && id !== toHex(network.nodes[1]!.engine.view().chain.head.id),
  )
  expect(taken.length).toBeGreaterThan(0)
})

test('CON-10: committees change as the state elects them, and a newcomer votes', async () => {
  const network = new TestNetwork(testSeed('election'), rulesFor(4, { epochBlocks: 5 }))
  // From epoch 2 on v4 takes the seat of v0, and weights differ.
  const elect = () => [validator(1, 3), validator(2, 2), validator(3, 2), validator(4, 2)]
  for (let i = 0; i < 5; i++) network.add({ name: `v${i}`, validator: i, elect })
  for (const node of network.nodes) await network.run(node)
  await network.reach(12)
  const [old, , , , fresh] = network.nodes
  expect(old!.engine.view().voting).toBe(false)
  expect(fresh!.engine.view().voting).toBe(true)
  await network.stop(old!)
  await submitMany(network, 20, 20)
  await network.reach(32)
  network.expectAgreement()
  const { address } = validatorKeys(4)
  expect(fresh!.finals.some(({ block }) => equalBytes(block.header.proposer, address))).toBe(true)
  // v1 and v2 hold 5 of 9: too little. With v4 they have the quorum of 7.
  await network.stop(network.nodes[3]!)
  await network.reach(40)
  await network.run(old!)
  await network.reach(45)
  expect(old!.engine.view().voting).toBe(false)
  network.expectAgreement()
  // A restarted node knows the committees from its records.
  await network.stop(fresh!)
  await network.run(fresh!)
  expect(fresh!.engine.view().voting).toBe(true)
  await network.reach(50)
  network.expectAgreement()
})

test('CON-16/LED-17: a transaction that a node took in is ordered although its batch was lost with others', async () => {
  const network = await TestNetwork.start(testSeed('taken in'), 4)
  const author = network.nodes[0]!
  await network.reach(2)
  network.passes = (from, to) => from !== 'v0' && to !== 'v0'
  const ids = await submitMany(network, 10, 10, [author])
  await network.scheduler.until(() => false, 3_000)
  expect(included(network.nodes[1]!).size).toBe(0)
  network.passes = () => true
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => ids.every((id) => included(node).has(id))),
    60_000,
  )
  expect(done).toBe(true)
})

test('CON-16: a node that remembers a batch as ordered follows those that order it again', async () => {
  const network = await TestNetwork.start(testSeed('ordered twice'))
  const [remembers, author, ...others] = network.nodes
  await network.reach(2)
  const { chain, final } = author!.engine.view()
  const envelope = transfer(chain, { id: final.id, height: final.header.height }, 1)
  const admission = admit(chain, envelope)
  await author!.submit(envelope)
  const isIncluded = (node: TestNode) => included(node).has(toHex(admission.id))
  expect(await network.scheduler.until(() => network.nodes.every(isIncluded), 20_000)).toBe(true)
  for (const node of [author!, ...others]) {
    await network.stop(node)
    await network.run(node)
  }
  // As from a journal that ends before the block: alone in its batch again, which has the same digest.
  author!.mempool.add(admission, envelope, author!.height)
  await author!.give({ kind: 'waiting' })
  const orders = (node: TestNode) => node.finals.filter(({ block }) => block.batches.length > 0).length
  expect(await network.scheduler.until(() => orders(others[0]!) === 2, 20_000)).toBe(true)
  await network.reach(others[0]!.height + 5, 5_000)
  expect(orders(remembers!)).toBe(2)
  network.expectAgreement()
})
