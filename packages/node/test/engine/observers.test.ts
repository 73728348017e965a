import { decodeMessage } from '@banyan/node'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { included, submitMany } from './load.js'
import { TestNetwork } from './test-network.js'
import type { TestNode } from './test-node.js'

/** Four validators, nodes that only follow in a row behind the first of them, each connected with its neighbours alone. */
async function startRow(
  seed: string,
  length: number,
): Promise<{ readonly network: TestNetwork; readonly row: readonly TestNode[] }> {
  const network = await TestNetwork.start(testSeed(seed), 4, { epochBlocks: 12 })
  const row: TestNode[] = []
  let before = network.node('v0')
  for (let i = 0; i < length; i++) {
    const node = network.add({ name: `o${i}`, validator: undefined })
    await network.run(node, [before])
    row.push(node)
    before = node
  }
  return { network, row }
}

const verdicts = (network: TestNetwork): readonly string[] =>
  network.nodes.flatMap(({ verdicts: given }) => given.map(({ verdict }) => verdict))

test('CON-11: observers in a row hear of blocks from each other, headers and certificates first, and their transactions get in', async () => {
  const { network, row } = await startRow('row of observers', 3)
  const heard = new Map<string, string[]>()
  network.passes = (from, to, bytes) => {
    const messages = heard.get(`${from} ${to}`) ?? []
    heard.set(`${from} ${to}`, messages)
    // Requests have other kinds; what matters here are greetings and what follows them.
    try {
      messages.push(decodeMessage(bytes).kind)
    } catch {
      messages.push('request')
    }
    return true
  }
  const ids = await submitMany(network, 9, 20, [row[2]!, row[0]!, row[2]!])
  const wanted = (): boolean => network.nodes.every((node) => ids.every((id) => included(node).has(id)))
  expect(await network.scheduler.until(wanted, 60_000)).toBe(true)
  expect(heard.get('o1 o2')).toContain('final')
  expect(heard.get('o2 o1')).toContain('batch')
  expect(heard.get('o0 v0')).toContain('batch')
  expect(heard.get('v0 o0'), 'observers get no batches, votes or proposals of validators').not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(batch|consensus|proposal)$/)]),
  )
  expect(verdicts(network)).not.toContain('invalid')
  expect(verdicts(network)).not.toContain('hostile')
  network.expectAgreement()
})

test('CON-11: what an observer could not pass on goes its way when a validator comes', async () => {
  const { network, row } = await startRow('late way', 2)
  await network.reach(3)
  const cut = (from: string, to: string): boolean => !(from === 'o0' && to === 'v0')
  network.passes = (from, to) => cut(from, to)
  const ids = await submitMany(network, 5, 20, [row[1]!])
  await network.scheduler.until(() => false, 2_000)
  expect(included(network.node('v1')).size).toBe(0)
  network.passes = () => true
  const [v0, o0] = [network.node('v0'), row[0]!]
  for (const [own, other] of [
    [v0, o0],
    [o0, v0],
  ] as const)
    await own.give({ kind: 'disconnected', peer: other.name })
  await v0.give({ kind: 'connected', peer: o0.name })
  await o0.give({ kind: 'connected', peer: v0.name })
  const wanted = (): boolean => ids.every((id) => included(row[1]!).has(id))
  expect(await network.scheduler.until(wanted, 60_000)).toBe(true)
})

test('CON-11: observers in a ring without a way to validators pass a batch around once', async () => {
  const { network, row } = await startRow('ring', 3)
  await network.reach(3)
  const [first, , last] = row
  await first!.give({ kind: 'connected', peer: last!.name })
  await last!.give({ kind: 'connected', peer: first!.name })
  await network.scheduler.until(() => false, 1_000)
  const v0 = network.node('v0')
  await first!.give({ kind: 'disconnected', peer: v0.name })
  await v0.give({ kind: 'disconnected', peer: first!.name })
  let batches = 0
  network.passes = (_from, _to, bytes) => {
    if (bytes.length > 100 && decodeMessage(bytes).kind === 'batch') batches++
    return true
  }
  await submitMany(network, 1, 20, [row[1]!])
  await network.scheduler.until(() => false, 5_000)
  // To both neighbours, and from each of them to the other.
  expect(batches).toBe(4)
})
