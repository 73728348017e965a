import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toHex } from '@banyan/base'
import { checkCluster, memoryGrowth, type RunningNode, type Sent } from '@banyan/testing/cluster'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** Answers of a node, as the check asks for them: what a chain would have that two payments were made on. */
type Answers = {
  height: number
  blocks: readonly string[]
  /** Final transactions, which stand in block 3. */
  included: readonly string[]
  /** Of payees; the first of the payers and wallets has lost what they got. */
  paid: readonly number[]
  nonces: readonly number[]
  missing: bigint
}

const payees = 16
const holders = 12
const startBalance = 10n ** 24n

let answers: readonly [Answers, Answers]
let servers: Server[] = []
let nodes: readonly RunningNode[]
let sent: Sent[]

function answerOf(
  node: Answers,
  asked: Map<string, number>,
  method: string,
  [first]: readonly string[],
): unknown {
  const turn = asked.get(method) ?? 0
  asked.set(method, turn + 1)
  switch (method) {
    case 'eth_getBlockByNumber':
      return { hash: node.blocks[Number(first)], transactions: Number(first) === 3 ? node.included : [] }
    case 'eth_getTransactionCount':
      return toQuantity(BigInt(node.nonces[turn] ?? 0))
    default: {
      if (turn < payees) return toQuantity(BigInt(node.paid[turn] ?? 0))
      const spent = BigInt(node.paid.reduce((a, b) => a + b, 0)) + node.missing
      return toQuantity(turn < payees + holders ? startBalance - (turn === payees ? spent : 0n) : 0n)
    }
  }
}

const toQuantity = (value: bigint): string => `0x${value.toString(16)}`

async function serve(node: Answers): Promise<string> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end(JSON.stringify({ height: node.height }))
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const calls = JSON.parse(body) as { id: number; method: string; params: string[] }[]
      const asked = new Map<string, number>()
      response.end(
        JSON.stringify(
          calls.map(({ id, method, params }) => ({ id, result: answerOf(node, asked, method, params) })),
        ),
      )
    })
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function payment(byte: number, more: Partial<Sent>): Sent {
  return {
    id: toHex(new Uint8Array(32).fill(byte)),
    envelope: new Uint8Array(1),
    payee: 0,
    validUntil: 40,
    wallet: undefined,
    acknowledged: { node: 0, at: 1_000 },
    ...more,
  }
}

beforeEach(async () => {
  const ids = Array.from({ length: 51 }, (_, i) => `id ${i}`)
  const good = (): Answers => ({
    height: 50,
    blocks: ids,
    included: [],
    paid: [1, 1],
    nonces: [1],
    missing: 0n,
  })
  answers = [good(), good()]
  nodes = await Promise.all(
    answers.map(async (node, index) => ({ index, rpc: await serve(node) }) as unknown as RunningNode),
  )
  sent = [payment(1, {}), payment(2, { payee: 1, wallet: 0, validUntil: undefined })]
  answers[0].included = sent.map(({ id }) => id)
})

afterEach(() => {
  for (const server of servers) server.close().closeAllConnections()
  servers = []
})

async function problems(disturbances: { node: number; from: number; to: number }[] = []) {
  return (await checkCluster({ running: () => nodes, disturbances }, { sent })).problems
}

test('QLT-5: a network in which all is well has no problems', async () => {
  expect(await problems()).toEqual([])
})

test('QLT-5: two ids of one block are noticed', async () => {
  answers[1].blocks = answers[1].blocks.with(7, 'another')
  expect(await problems()).toEqual(['block 7 has the ids id 7, another'])
})

test('QLT-5: an acknowledged transfer that expired is a problem, unless its node was gone after it', async () => {
  const lost = payment(3, {})
  sent.push(lost)
  expect(await problems([{ node: 0, from: 0, to: 999 }])).toEqual([expect.stringContaining(lost.id)])
  expect(await problems([{ node: 1, from: 0, to: 2_000 }])).toEqual([expect.stringContaining(lost.id)])
  expect(await problems([{ node: 0, from: 2_000, to: 3_000 }])).toEqual([])
  lost.acknowledged = undefined
  expect(await problems()).toEqual([])
})

test('QLT-5: payments that were made twice or not at all, and FIG that come or go, are noticed', async () => {
  answers[0].paid = [2, 1]
  expect(await problems()).toEqual(['payee 0 has 2 pip instead of 1'])
  answers[0].paid = [1, 1]
  answers[0].missing = 5n
  expect(await problems()).toEqual([expect.stringContaining('all accounts together')])
})

test('QLT-5: nonces that do not fit are noticed', async () => {
  answers[0].nonces = [2]
  expect(await problems()).toEqual(['wallet 0 has used 2 nonces for 1 transactions'])
})

test('QLT-8: growth of memory is told per hour, of what comes after the start', () => {
  const minute = 60_000
  const grown = (perMinute: number) =>
    Array.from({ length: 66 }, (_, i) => ({
      at: i * minute,
      bytes: i < 5 ? i * 1_000 : 100_000 + i * perMinute,
    }))
  expect(memoryGrowth(grown(0))).toBeCloseTo(0)
  expect(memoryGrowth(grown(100))).toBeCloseTo(6_000 / (100_000 + 3_500))
  expect(memoryGrowth(grown(100).slice(0, 12))).toBeUndefined()
})
