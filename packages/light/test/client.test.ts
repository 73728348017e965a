import { BanyanError, fig } from '@banyan/base'
import { createLightClient, decodeProof, encodeProof, type Fetch, joinRecords } from '@banyan/light'
import { expect, test } from 'vitest'
import { type Answer, bytes, honest, proofJson, requestOf } from './nodes.js'
import { createWorld, flipped, olive, payer, provider, stranger, type World } from './world.js'

/** Light clients of nodes that answer as they please; no socket is opened. */

/** A `fetch` to nodes by their names. */
const fetchFrom =
  (nodes: Readonly<Record<string, Answer>>, asked: string[] = []): Fetch =>
  async (url, { signal }) => {
    const { host, pathname } = new URL(url)
    asked.push(`${host}${pathname}`)
    const answer = nodes[host]?.(pathname)
    if (answer === undefined) throw new TypeError('nobody listens')
    return Promise.race([
      answer,
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    ])
  }

function clientOf(
  world: World,
  fetch: Fetch,
  changes: Partial<Parameters<typeof createLightClient>[0]> = {},
) {
  return createLightClient({
    urls: ['http://a', 'http://b'],
    chain: world.light,
    start: { validators: world.committee(0).validators },
    provider,
    fetch,
    now: () => Number(world.chain.head.header.timestamp),
    ...changes,
  })
}

async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    if (error instanceof BanyanError) return error.kind
    throw error
  }
}

test('LED-19: a client learns new epochs when a proof needs them, and offers what to go on from', async () => {
  const world = createWorld()
  const saved: Uint8Array[] = []
  const client = clientOf(world, fetchFrom({ a: honest(world) }), {
    onCheckpoint: (bytes) => saved.push(bytes),
  })
  expect((await client.balance(payer, fig)).value).toBe(10n ** 20n)
  world.endEpochs(7)
  expect((await client.balance(payer, olive)).value).toBe(4_321n)
  expect((await client.account(stranger)).value).toBeUndefined()
  expect(client.core.nextEpoch()).toBe(7)
  const later = clientOf(world, fetchFrom({ a: honest(world) }), { start: { checkpoint: saved.at(-1)! } })
  expect(await later.follow()).toMatchObject({ height: world.chain.head.header.height })
})

test('LED-19: many questions at a time learn the epochs that they need together', async () => {
  const world = createWorld()
  world.endEpochs(3)
  const delayed: Answer = async (path) => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    return (await honest(world)(path))!
  }
  const client = clientOf(world, fetchFrom({ a: delayed }), { urls: ['http://a'] })
  const heights = [1, 5, 9, 12, 2, 6, 10, 11]
  const shown = await Promise.all(heights.map((height) => client.header(height)))
  expect(shown.map(({ block }) => block.height)).toEqual(heights)
  await Promise.all([client.follow(), client.follow(), client.header(12)])
  expect(client.core.nextEpoch()).toBe(3)
})

test('LED-19: whatever one node answers, the next one is asked, and the last refusal is told', async () => {
  const world = createWorld()
  world.endEpochs(2)
  const good = honest(world)
  const tampering: Answer = async (path) => {
    const request = requestOf(path)
    return request === undefined ? (await good(path))! : proofJson(flipped(world.prove(request), 5_000))
  }
  const stale = world.prove({ kind: 'account', address: payer })
  world.extend()
  const other: Answer = () => Response.json({ genesisId: '0x00', height: 5 })
  const swap =
    (answer: (path: string) => Response | undefined): Answer =>
    (path) =>
      requestOf(path)?.kind === 'account' ? answer(path) : good(path)
  const bad: Readonly<Record<string, Answer>> = {
    NodeUnreachable: () => undefined,
    ChainMismatch: other,
    ProofStale: swap(() => proofJson(stale)),
    ProofMalformed: swap(() => Response.json({ proof: 'no bytes' })),
    AnswerTooLarge: swap(() => bytes(new Uint8Array(2 ** 21))),
    ProofWrong: tampering,
  }
  for (const [refusal, answer] of Object.entries(bad)) {
    const urls = ['http://a', 'http://b']
    const client = clientOf(world, fetchFrom({ a: answer, b: good }), { urls })
    await client.header(1)
    world.extend()
    await client.header(world.chain.head.header.height)
    expect((await client.account(payer)).value, refusal).toMatchObject({ balance: 10n ** 20n })
    const alone = clientOf(world, fetchFrom({ a: answer }), { urls: ['http://a'] })
    if (refusal === 'ProofStale') await alone.follow()
    expect(await refusalOf(() => alone.account(payer))).toBe(refusal)
  }
})

test('LED-19, QLT-6: nodes that never answer, answer with errors, no JSON or without end are given up', async () => {
  const world = createWorld()
  const status =
    (body: string, init?: ResponseInit): Answer =>
    () =>
      new Response(body, init)
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(2 ** 16)),
      }),
    )
  const cases: readonly (readonly [Answer, string])[] = [
    [() => new Promise<Response>(() => undefined), 'NodeUnreachable'],
    [() => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })), 'NodeUnreachable'],
    [endless, 'AnswerTooLarge'],
    [status('{"error":{}}', { status: 404 }), 'NodeUnreachable'],
    [status('<html>'), 'NodeUnreachable'],
    [status('7'), 'NodeUnreachable'],
    [status('null'), 'NodeUnreachable'],
    [status(''), 'NodeUnreachable'],
    [status('{}'), 'ChainMismatch'],
  ]
  for (const [answer, refusal] of cases) {
    const client = clientOf(world, fetchFrom({ a: answer }), { urls: ['http://a'], timeoutMs: 30 })
    expect(await refusalOf(() => client.account(payer))).toBe(refusal)
  }
  expect(await refusalOf(async () => clientOf(world, fetchFrom({}), { urls: [] }))).toBe('OptionInvalid')
  // Whole by its looks, but the node never says that this was all.
  const unfinished: Answer = async (path) => {
    if (path !== '/v1/status') return (await honest(world)(path))!
    const body = new Uint8Array(await (await honest(world)(path))!.arrayBuffer())
    const start = (controller: ReadableStreamDefaultController) => controller.enqueue(body)
    return new Response(new ReadableStream({ start }))
  }
  const patient = clientOf(world, fetchFrom({ a: unfinished }), { urls: ['http://a'], timeoutMs: 30 })
  expect(await refusalOf(() => patient.account(payer))).toBe('NodeUnreachable')
})

test('CON-10, LED-19: lists of records that are cut, repeated or of another chain are refused, and end', async () => {
  const world = createWorld()
  world.endEpochs(4)
  const twin = createWorld(undefined, { timestamp: 1_000_001n })
  twin.endEpochs(4)
  const list = joinRecords(world.records)
  const lists: readonly (readonly [Uint8Array, string])[] = [
    [list.slice(0, -1), 'ProofMalformed'],
    [list.slice(0, 3), 'ProofMalformed'],
    [joinRecords([world.records[0]!, world.records[0]!]), 'CommitteeMismatch'],
    [joinRecords(twin.records), 'CertificateInvalid'],
    [joinRecords([new Uint8Array(2 ** 20)]), 'ProofMalformed'],
  ]
  for (const [body, refusal] of lists) {
    const answer: Answer = (path) => (path.startsWith('/v1/epochs/') ? bytes(body) : honest(world)(path))
    const client = clientOf(world, fetchFrom({ a: answer }), { urls: ['http://a'] })
    expect(await refusalOf(() => client.follow())).toBe(refusal)
  }
  // One that tells of nothing new leaves the client where it is.
  const asked: string[] = []
  const silent: Answer = (path) =>
    path.startsWith('/v1/epochs/') ? bytes(new Uint8Array(0)) : honest(world)(path)
  const client = clientOf(world, fetchFrom({ a: silent }, asked), { urls: ['http://a'] })
  expect(await refusalOf(() => client.account(payer))).toBe('EpochUnknown')
  expect(asked.filter((url) => url.includes('epochs'))).toHaveLength(1)
})

test('LED-19: rows under a block that is too old by the own clock are refused', async () => {
  const world = createWorld()
  const client = clientOf(world, fetchFrom({ a: honest(world) }), {
    urls: ['http://a'],
    maxAgeMs: 10_000,
    now: () => Number(world.chain.head.header.timestamp) + 20_000,
  })
  expect(await refusalOf(() => client.account(payer))).toBe('ProofStale')
  expect((await client.header(1)).value.height).toBe(1)
})

test('LED-19: a proof of another kind than was asked for is refused', async () => {
  const world = createWorld()
  const answer: Answer = (path) => {
    const request = requestOf(path)
    if (request === undefined) return honest(world)(path)
    const proof = decodeProof(world.prove({ kind: 'header', height: 1 + world.extend().header.height - 1 }))
    return proofJson(encodeProof(proof))
  }
  const client = clientOf(world, fetchFrom({ a: answer }), { urls: ['http://a'] })
  expect(await refusalOf(() => client.account(payer))).toBe('ProofWrong')
})
