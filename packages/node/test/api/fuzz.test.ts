import { toHex } from '@banyan/base'
import { assetAddress, contractAddress } from '@banyan/contracts'
import { rpcMethodNames } from '@banyan/node/api'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { people, wallets } from './instant-chain.js'
import { type RpcAnswer, serve } from './servers.js'
import { ethereumPayment, packageOf, transferOf } from './signed.js'

const { instant, raw, get } = await serve({ limits: { bodyBytes: 100_000, answerMs: 5_000 } })
for (const envelope of [ethereumPayment(instant), transferOf(instant), packageOf(instant, [1n])]) {
  await instant.node.submit([envelope])
}
const some = await instant.node.history.ids(1, 0, 1)
const id = toHex(some[0]!)

const words = ['latest', 'pending', 'earliest', 'account', 'kind', '', 'null', '__proto__', '𝔘', '0x']

function text(random: Random): string {
  switch (random.below(7)) {
    case 0:
      return words[random.below(words.length)]!
    case 1:
      return toHex(
        [people[0]!, wallets[0]!, contractAddress('banyan/factory'), assetAddress(1 as never)][
          random.below(4)
        ]!,
      )
    case 2:
      return id
    case 3:
      return `0x${random.bigint(1n << BigInt(1 + random.below(300))).toString(16)}`
    case 4:
      return toHex(random.bytes(random.below(200)))
    case 5:
      return `0x${'f'.repeat(random.below(80))}`
    default:
      return String.fromCharCode(...random.bytes(random.below(12)))
  }
}

const keys = [
  'to',
  'from',
  'data',
  'input',
  'value',
  'gas',
  'gasPrice',
  'maxFeePerGas',
  'type',
  'nonce',
  'accessList',
]
const moreKeys = [
  'fromBlock',
  'toBlock',
  'blockHash',
  'address',
  'topics',
  'kind',
  'height',
  'field',
  'id',
  'key',
]

function value(random: Random, depth: number): unknown {
  switch (random.below(depth > 2 ? 5 : 8)) {
    case 0:
      return random.below(2 ** 32)
    case 1:
      return [null, true, false, -1, 0.5, 1e300][random.below(6)]
    case 2:
    case 3:
    case 4:
      return text(random)
    case 5:
      return Array.from({ length: random.below(4) }, () => value(random, depth + 1))
    default: {
      const all = [...keys, ...moreKeys]
      const count = random.below(5)
      return Object.fromEntries(
        Array.from({ length: count }, () => [all[random.below(all.length)]!, value(random, depth + 1)]),
      )
    }
  }
}

test('QLT-6: JSON-RPC answers any parameters with a result or with an error that is no defect', async () => {
  const random = createRandom(testSeed('rpc parameters'))
  const rounds = tierCount({ push: 40, full: 1_000, fuzz: 400 })
  for (let round = 0; round < rounds; round++) {
    const calls = Array.from({ length: 50 }, (_, i) => ({
      jsonrpc: '2.0',
      id: i,
      method: rpcMethodNames[random.below(rpcMethodNames.length)]!,
      params: Array.from({ length: random.below(5) }, () => value(random, 0)),
    }))
    const { status, type, text: answer } = await raw(JSON.stringify(calls))
    expect([status, type]).toEqual([200, 'application/json'])
    const answers = JSON.parse(answer) as RpcAnswer[]
    expect(answers).toHaveLength(50)
    for (const [i, { result, error }] of answers.entries()) {
      const isSound =
        error === undefined
          ? result !== undefined
          : error.code !== -32603 && /^BYN-/.test(String(error.data['code']))
      if (!isSound) expect.fail(`${JSON.stringify(calls[i])} gave ${JSON.stringify(answers[i])}`)
    }
  }
})

test('QLT-6: JSON-RPC answers any bytes', async () => {
  const random = createRandom(testSeed('rpc bytes'))
  const sound = JSON.stringify([
    { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to: id }, 'latest'] },
  ])
  for (let round = 0; round < tierCount({ push: 150, full: 5_000, fuzz: 2_000 }); round++) {
    const bytes = Buffer.from(sound)
    for (let k = 0; k < 1 + random.below(4); k++) bytes[random.below(bytes.length)] = random.below(256)
    const body =
      random.below(3) === 0
        ? random.bytes(random.below(300))
        : bytes.subarray(0, random.below(bytes.length + 1))
    const { status, text: answer } = await raw(new Uint8Array(body))
    expect([200, 204]).toContain(status)
    if (status === 200) expect(() => JSON.parse(answer)).not.toThrow()
    expect(answer).not.toContain('-32603')
  }
})

test('QLT-6: the native API answers any path, query and body with JSON and no defect', async () => {
  const random = createRandom(testSeed('native paths'))
  const document = (await (await get('/v1/openapi.json')).json()) as { paths: Record<string, unknown> }
  const paths = Object.keys(document.paths).filter((path) => path !== '/v1/events')
  const queries = ['from', 'to', 'limit', 'address', 'topic0', 'topic3', 'after']
  for (let round = 0; round < tierCount({ push: 400, full: 10_000, fuzz: 4_000 }); round++) {
    const path = paths[random.below(paths.length)]!.replace(/\{\w+\}/g, () =>
      encodeURIComponent(random.below(3) === 0 ? String(random.below(5)) : text(random)),
    )
    const query = Array.from(
      { length: random.below(4) },
      () =>
        `${queries[random.below(queries.length)]}=${encodeURIComponent(random.below(2) ? String(random.below(9)) : text(random))}`,
    )
    const isPost = random.below(4) === 0
    const init = isPost
      ? {
          method: 'POST',
          headers: {
            'content-type': random.below(2) ? 'application/octet-stream' : 'application/vnd.banyan.envelopes',
          },
          body: Buffer.from(random.bytes(random.below(300))),
        }
      : {}
    const response = await get(`${path}?${query.join('&')}`, init)
    const body = await response.text()
    if (response.status >= 500) expect.fail(`${path}?${query.join('&')}: ${body}`)
    const type = response.headers.get('content-type')
    expect(['application/json', 'application/octet-stream']).toContain(type)
  }
})
