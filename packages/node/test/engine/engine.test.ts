import { asHash, fromHex, toHex } from '@banyan/base'
import { blockId, decodeBlock, readReceipt } from '@banyan/ledger'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { included, submitMany } from './load.js'
import { TestNetwork } from './test-network.js'

test('CON-1: four validators agree on blocks that order transactions', async () => {
  const network = await TestNetwork.start(testSeed('four validators'))
  const ids = await submitMany(network, 200)
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => included(node).size === 200),
    20_000,
  )
  expect(done).toBe(true)
  network.expectAgreement()
  for (const node of network.nodes) {
    expect(included(node)).toEqual(new Set(ids))
    for (const { executed } of node.finals) {
      for (let i = 0; i < executed.header.transactionCount; i++) {
        expect(readReceipt(executed.receipts, i).status).toBe('success')
      }
    }
    expect(node.mempool.count).toBe(0)
    expect(node.verdicts.filter(({ verdict }) => verdict !== 'useful')).toEqual([])
  }
})

test('CON-1: an idle network makes blocks as slowly as its heartbeat, a busy one at its interval', async () => {
  const network = await TestNetwork.start(testSeed('heartbeat'))
  const begin = network.scheduler.now
  await network.reach(20)
  const idle = network.scheduler.now - begin
  expect(idle).toBeGreaterThan(19 * 400)
  const start = network.nodes[0]!.height
  await submitMany(network, 400, 10)
  const busy = network.nodes[0]!.height - start
  expect(busy).toBeGreaterThan(10)
})

test('CON-10: epochs follow each other, their last blocks made final by closing blocks', async () => {
  const network = await TestNetwork.start(testSeed('epochs'), 4, { epochBlocks: 4 })
  await submitMany(network, 40, 50)
  await network.reach(22)
  network.expectAgreement()
  for (const node of network.nodes) {
    expect(node.engine.view().epoch).toBeGreaterThanOrEqual(5)
    const heights = node.finals.map(({ block }) => block.header.height)
    expect(heights).toEqual(heights.map((_, i) => i + 1))
    for (const { block } of node.finals) {
      const isLast = block.header.height % 4 === 0
      expect(block.header.nextCommitteeHash.some((byte) => byte !== 0)).toBe(isLast)
    }
  }
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => included(node).size === 40),
    9_000,
  )
  expect(done).toBe(true)
})

test('CON-1/LED-6: a batch that did not arrive is fetched before its block is voted for', async () => {
  const network = await TestNetwork.start(testSeed('missing batches'))
  const batchKind = 4
  // Nobody gets v0's batches but by asking.
  network.passes = (from, _to, bytes) => from !== 'v0' || bytes[0] !== batchKind || bytes.length < 150
  const ids = await submitMany(network, 30, 10, [network.nodes[0]!])
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => included(node).size === 30),
    20_000,
  )
  expect(done).toBe(true)
  expect(included(network.nodes[3]!)).toEqual(new Set(ids))
  network.expectAgreement()
})

test('LED-16: a transaction is included in a block before that is final, and stays there', async () => {
  const network = await TestNetwork.start(testSeed('included'))
  const [id] = await submitMany(network, 1, 1, [network.nodes[1]!])
  const { engine, finals } = network.nodes[1]!
  const hash = asHash(fromHex(id!)!)
  expect(engine.blockWith(hash)).toBeUndefined()
  expect(await network.scheduler.until(() => engine.blockWith(hash) !== undefined, 5_000)).toBe(true)
  const block = engine.blockWith(hash)!
  expect(block.header.height).toBeGreaterThan(engine.view().final.header.height)
  expect(engine.blockWith(asHash(new Uint8Array(32).fill(9)))).toBeUndefined()
  expect(await network.scheduler.until(() => included(network.nodes[1]!).has(id!), 5_000)).toBe(true)
  expect(finals.find(({ block: { header } }) => header.height === block.header.height)?.executed.id).toEqual(
    block.id,
  )
  expect(engine.blockWith(hash)).toBeUndefined()
})

test('CON-11: batches that are here and still being verified are not asked for', async () => {
  const network = await TestNetwork.start(testSeed('slow threads'))
  network.delay = () => 5
  network.verifyMs = 20
  let answers = 0
  network.tamperAnswer = (_from, parts) => {
    answers++
    return parts
  }
  await submitMany(network, 60, 10)
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => included(node).size === 60),
    20_000,
  )
  expect(done).toBe(true)
  expect(answers).toBe(0)
})

/** Id of the block in an answer; nothing for other answers, and for blocks without batches. */
function idOfFullBlock(bytes: Uint8Array): string | undefined {
  try {
    const { header, batches } = decodeBlock(bytes)
    return batches.length > 0 ? toHex(blockId(header)) : undefined
  } catch {
    return undefined
  }
}

test('CON-11: a block is not asked for again while its batches are being verified', async () => {
  const network = await TestNetwork.start(testSeed('slow blocks'))
  network.delay = () => 5
  network.verifyMs = 300
  // One node gets neither batches nor proposals: it has to ask for every block.
  const [batch, proposal] = [4, 3]
  network.passes = (_from, to, bytes) => to !== 'v3' || (bytes[0] !== batch && bytes[0] !== proposal)
  const answered = new Map<string, number>()
  network.tamperAnswer = (_from, parts) => {
    const id = parts?.length === 1 ? idOfFullBlock(parts[0]!) : undefined
    if (id !== undefined) answered.set(id, (answered.get(id) ?? 0) + 1)
    return parts
  }
  await submitMany(network, 60, 10)
  const last = network.nodes[3]!
  expect(await network.scheduler.until(() => included(last).size >= 15, 20_000)).toBe(true)
  expect([...answered.values()]).toEqual(new Array(answered.size).fill(1))
})

test('CON-16: the network goes on without one of four, whichever it is', async () => {
  for (let dead = 0; dead < 4; dead++) {
    const network = await TestNetwork.start(testSeed(`dead leader ${dead}`))
    await network.reach(3)
    await network.stop(network.nodes[dead]!)
    await network.reach(12, 60_000)
    network.expectAgreement()
  }
})

test('CON-16: two of four are not enough, and all go on when a third comes back', async () => {
  const network = await TestNetwork.start(testSeed('no quorum'))
  await network.reach(3)
  await network.stop(network.nodes[0]!)
  await network.stop(network.nodes[1]!)
  await network.scheduler.until(() => false, 2_000)
  const before = network.nodes[2]!.height
  await network.scheduler.until(() => false, 20_000)
  expect(network.nodes[2]!.height).toBe(before)
  await network.run(network.nodes[0]!)
  await network.reach(before + 5)
  network.expectAgreement()
})

test('CON-16: a partition heals', async () => {
  const network = await TestNetwork.start(testSeed('partition'))
  await network.reach(3)
  const left = new Set(['v0', 'v1'])
  network.passes = (from, to) => left.has(from) === left.has(to)
  await network.scheduler.until(() => false, 10_000)
  const stuck = Math.max(...network.nodes.map(({ height }) => height))
  network.passes = () => true
  await network.reach(stuck + 10)
  network.expectAgreement()
})

test('CON-16: messages may be lost', async () => {
  const network = await TestNetwork.start(testSeed('loss'), 4, { epochBlocks: 6 })
  await network.reach(1)
  network.passes = () => network.random.below(100) >= 15
  const ids = await submitMany(network, 60, 40)
  await network.reach(20, 300_000)
  network.passes = () => true
  const done = await network.scheduler.until(
    () => network.nodes.every((node) => included(node).size === 60),
    60_000,
  )
  expect([...network.nodes.map((node) => included(node).size), done]).toEqual([60, 60, 60, 60, true])
  expect(included(network.nodes[1]!)).toEqual(new Set(ids))
  network.expectAgreement()
})

test('CON-16: clocks that differ by less than the allowed skew do not matter', async () => {
  const network = new TestNetwork(testSeed('skew'), (await import('./people.js')).rulesFor(4))
  for (const [i, skew] of [0, 300, -150, 200].entries()) network.add({ name: `v${i}`, validator: i, skew })
  for (const node of network.nodes) await network.run(node)
  await network.reach(15)
  network.expectAgreement()
})

test.each([90_000, -90_000])(
  'CON-16: a clock that is off by %i ms costs its node the votes, and the network nothing',
  async (skew) => {
    const network = new TestNetwork(testSeed('wrong clock'), (await import('./people.js')).rulesFor(4))
    for (let i = 0; i < 4; i++) network.add({ name: `v${i}`, validator: i, skew: i === 3 ? skew : 0 })
    for (const node of network.nodes) await network.run(node)
    const ids = await submitMany(network, 12, 20)
    await network.reach(12)
    for (const node of network.nodes) {
      expect(ids.filter((id) => !included(node).has(id))).toEqual([])
      const times = node.finals.map(({ block }) => Number(block.header.timestamp))
      expect(times.every((time, i) => time > (times[i - 1] ?? 0))).toBe(true)
      expect(times.at(-1)).toBeLessThanOrEqual(network.scheduler.now + network.rules.maxClockSkew)
      expect(node.verdicts.filter(({ verdict }) => verdict !== 'useful')).toEqual([])
    }
    network.expectAgreement()
  },
)

test('LED-6: every block says what its batches and its parent make of it', async () => {
  const network = await TestNetwork.start(testSeed('headers'))
  await submitMany(network, 40, 30)
  await network.reach(10)
  const [first] = network.nodes
  for (const [i, { block, executed }] of first!.finals.entries()) {
    const before = first!.finals[i - 1]
    if (before === undefined) continue
    expect(toHex(block.header.parentId)).toBe(toHex(before.executed.id))
    expect(toHex(block.header.stateRoot)).toBe(toHex(before.executed.stateRoot))
    expect(executed.header.timestamp > before.executed.header.timestamp).toBe(true)
  }
})
