import { connect } from 'node:net'
import { toHex } from '@banyan/base'
import { assetAddress, contractAddress } from '@banyan/contracts'
import { type ApiServerOptions, createApiServer } from '@banyan/node/api'
import { expect, test } from 'vitest'
import { chainId, people, wallets } from './instant-chain.js'
import { type RpcAnswer, serve } from './servers.js'
import { ethereumPayment, packageOf, transferOf } from './signed.js'

const served = await serve()
const { instant, rpc, raw } = served
const small = await serve({ limits: { bodyBytes: 2_000, batch: 3, filters: 2, filterMs: 500 } }, instant)

const parse = (text: string): RpcAnswer => JSON.parse(text) as RpcAnswer

test('SDK-4: methods about the node answer', async () => {
  const answers = await Promise.all(
    [
      'eth_chainId',
      'net_version',
      'web3_clientVersion',
      'eth_syncing',
      'eth_accounts',
      'eth_blockNumber',
      'eth_maxPriorityFeePerGas',
    ].map(async (method) => (await rpc(method)).result),
  )
  expect(answers.slice(0, 2)).toEqual([`0x${chainId.toString(16)}`, String(chainId)])
  expect(answers[2]).toMatch(/^banyan\/v0\.1\.0\//)
  expect(answers.slice(3)).toEqual([false, [], expect.stringMatching(/^0x/), '0x0'])
})

test('SDK-4: tags of final blocks are one, and only the pending nonce counts what waits', async () => {
  const { node } = instant
  const me = toHex(wallets[1]!)
  instant.hold = true
  const { result: id } = await rpc('eth_sendRawTransaction', toHex(ethereumPayment(instant, { wallet: 1 })))
  expect((await rpc('eth_getTransactionCount', me, 'latest')).result).toBe('0x0')
  expect((await rpc('eth_getTransactionCount', me, 'pending')).result).toBe('0x1')
  expect((await rpc('eth_getTransactionByHash', id)).result).toMatchObject({ hash: id, blockHash: null })
  expect((await rpc('eth_getTransactionReceipt', id)).result).toBeNull()
  instant.hold = false
  instant.mine()
  const heights = await Promise.all(
    ['latest', 'safe', 'finalized', 'pending'].map(
      async (tag) => ((await rpc('eth_getBlockByNumber', tag, false)).result as { number: string }).number,
    ),
  )
  expect(new Set(heights)).toEqual(new Set([`0x${node.head().header.height.toString(16)}`]))
  expect((await rpc('eth_getTransactionReceipt', id)).result).toMatchObject({ status: '0x1', from: me })
})

test('SDK-4: system contracts and assets look like contracts; nothing else does', async () => {
  const codeAt = async (address: Uint8Array) => (await rpc('eth_getCode', toHex(address), 'latest')).result
  expect(await codeAt(contractAddress('banyan/factory'))).toMatch(/^0xfe/)
  expect(await codeAt(assetAddress(0 as never))).toMatch(/^0xfe/)
  expect(await codeAt(assetAddress(1 as never))).toMatch(/^0xfe/)
  expect(await codeAt(assetAddress(99 as never))).toBe('0x')
  expect(await codeAt(people[0]!)).toBe('0x')
})

test('SDK-4: a batch is answered in order, and its transactions reach the node together', async () => {
  const nonce = instant.node.view().account(wallets[2]!)?.nonce ?? 0n
  const envelopes = [0n, 1n, 2n].map((k) => toHex(ethereumPayment(instant, { wallet: 2, nonce: nonce + k })))
  const calls = [
    ...envelopes.map((envelope, i) => ({
      jsonrpc: '2.0',
      id: i,
      method: 'eth_sendRawTransaction',
      params: [envelope],
    })),
    { jsonrpc: '2.0', id: 'bad', method: 'eth_sendRawTransaction', params: ['0xzz'] },
    {
      jsonrpc: '2.0',
      id: 'count',
      method: 'eth_getTransactionCount',
      params: [toHex(wallets[2]!), 'pending'],
    },
    { jsonrpc: '2.0', method: 'eth_chainId' },
    7,
    { jsonrpc: '2.0', id: 9, method: 'eth_noSuchMethod', params: [] },
  ]
  instant.submissions.length = 0
  const { text } = await raw(JSON.stringify(calls))
  const answers = JSON.parse(text) as RpcAnswer[]
  expect(answers.map(({ id }) => id)).toEqual([0, 1, 2, 'bad', 'count', null, 9])
  expect(instant.submissions).toEqual([3])
  const ids = answers.slice(0, 3).map(({ result }) => result)
  const receipts = (await rpc('eth_getBlockReceipts', 'latest')).result as Record<string, string>[]
  expect(receipts.map(({ transactionHash }) => transactionHash)).toEqual(ids.slice(-receipts.length))
  const used = receipts.map(({ gasUsed }) => Number(gasUsed))
  const sums = used.map((_, i) => used.slice(0, i + 1).reduce((sum, gas) => sum + gas, 0))
  expect(receipts.map(({ cumulativeGasUsed }) => Number(cumulativeGasUsed))).toEqual(sums)
  expect(receipts.length).toBe(3)
  expect(answers[3]?.error?.code).toBe(-32602)
  expect(answers[4]?.result).toBe(`0x${(nonce + 3n).toString(16)}`)
  expect(answers[5]?.error?.code).toBe(-32600)
  expect(answers[6]?.error).toMatchObject({
    code: -32601,
    message: 'the method eth_noSuchMethod does not exist/is not available',
  })
})

test('SDK-4: transfers, packages and their events are shown in Ethereum form', async () => {
  const { result: transferId } = await rpc(
    'eth_sendRawTransaction',
    toHex(transferOf(instant, { amount: 5n })),
  )
  const { result: packageId } = await rpc('eth_sendRawTransaction', toHex(packageOf(instant, [1n, 2n])))
  const transfer = (await rpc('eth_getTransactionByHash', transferId)).result
  expect(transfer).toMatchObject({
    type: '0x7a',
    from: toHex(people[0]!),
    to: toHex(people[1]!),
    value: '0x5',
  })
  const receipt = (await rpc('eth_getTransactionReceipt', packageId)).result as { logs: { data: string }[] }
  expect(receipt).toMatchObject({ type: '0x7c', status: '0x1', to: toHex(assetAddress(0 as never)) })
  expect(receipt.logs.map(({ data }) => Number(data))).toEqual([1, 2])
  const block = (await rpc('eth_getBlockByNumber', 'latest', true)).result as { transactions: unknown[] }
  expect(block.transactions).toHaveLength(1)
  const filter = { fromBlock: '0x0', address: toHex(assetAddress(0 as never)) }
  const logs = (await rpc('eth_getLogs', filter)).result as { topics: string[] }[]
  expect(logs.length).toBe(3)
  const ends = logs.map(({ topics }) => topics.slice(1).map((topic) => `0x${topic.slice(26)}`))
  expect(ends).toEqual(logs.map(() => [toHex(people[0]!), toHex(people[1]!)]))
  const received = { ...filter, topics: [null, null, `0x${toHex(people[0]!).slice(2).padStart(64, '0')}`] }
  expect((await rpc('eth_getLogs', received)).result).toEqual([])
})

test('SDK-4: blocks, receipts and transactions are found by place', async () => {
  const head = instant.node.head()
  const number = `0x${head.header.height.toString(16)}`
  const block = (await rpc('eth_getBlockByHash', toHex(head.id), false)).result as { transactions: string[] }
  const [id] = block.transactions
  for (const [method, place] of [
    ['eth_getTransactionByBlockNumberAndIndex', number],
    ['eth_getTransactionByBlockHashAndIndex', toHex(head.id)],
  ] as const) {
    expect((await rpc(method, place, '0x0')).result).toMatchObject({ hash: id, transactionIndex: '0x0' })
    expect((await rpc(method, place, '0x1')).result).toBeNull()
  }
  expect((await rpc('eth_getBlockTransactionCountByNumber', number)).result).toBe('0x1')
  expect((await rpc('eth_getBlockTransactionCountByHash', toHex(head.id))).result).toBe('0x1')
  const receipts = (await rpc('eth_getBlockReceipts', number)).result as unknown[]
  expect(receipts).toMatchObject([{ transactionHash: id }])
  expect((await rpc('eth_getBlockByNumber', '0xffffff', false)).result).toBeNull()
  expect((await rpc('eth_getBlockReceipts', '0xffffff')).result).toBeNull()
})

test('SDK-4: the bloom of a block holds the addresses and topics of its logs', async () => {
  const block = (await rpc('eth_getBlockByNumber', 'latest', false)).result as { logsBloom: string }
  const empty = instant.mine()
  const nothing = (await rpc('eth_getBlockByNumber', `0x${empty.header.height.toString(16)}`, false)).result
  expect(nothing).toMatchObject({ logsBloom: `0x${'00'.repeat(256)}` })
  const { keccak256 } = await import('viem')
  const has = (item: `0x${string}`): boolean => {
    const hash = Buffer.from(keccak256(item).slice(2), 'hex')
    const bloom = Buffer.from(block.logsBloom.slice(2), 'hex')
    return [0, 2, 4].every((at) => {
      const bit = hash.readUInt16BE(at) % 2048
      return (bloom[255 - Math.floor(bit / 8)]! & (1 << (bit % 8))) !== 0
    })
  }
  expect(has(toHex(assetAddress(0 as never)))).toBe(true)
  expect(has('0x1234')).toBe(false)
})

test('SDK-4: the state of older blocks is refused, not made up', async () => {
  instant.mine()
  const { error } = await rpc('eth_getBalance', toHex(people[0]!), '0x0')
  expect(error).toMatchObject({ code: -32000, data: { code: 'BYN-1956' } })
  expect(error?.message).toMatch(/^historical state not available/)
  const unknown = await rpc('eth_call', { to: toHex(people[0]!) }, '0xffffff')
  expect(unknown.error?.message).toMatch(/^header not found/)
})

test('SDK-4: eth_getProof is refused in words, and our own method proves', async () => {
  const { error } = await rpc('eth_getProof', toHex(people[0]!), [], 'latest')
  expect(error).toMatchObject({ code: -32601, data: { code: 'BYN-1961' } })
  const proof = await rpc('banyan_getProof', { kind: 'account', address: toHex(people[0]!) })
  expect(proof.result).toMatchObject({
    blockHash: toHex(instant.node.head().id),
    proof: expect.stringMatching(/^0x/),
  })
  for (const request of [
    { kind: 'recent', height: '0x1' },
    { kind: 'chain' },
    { kind: 'header', height: '0x0' },
  ]) {
    expect((await rpc('banyan_getProof', request)).result, request.kind).toMatchObject({
      proof: expect.stringMatching(/^0x/),
    })
  }
  const none = await rpc('banyan_getProof', { kind: 'receipt', id: `0x${'11'.repeat(32)}` })
  expect(none.error).toMatchObject({ code: -32001, data: { code: 'BYN-1959' } })
})

test('QLT-6: what is not JSON-RPC gets the error of JSON-RPC, as JSON, with status 200', async () => {
  const cases: readonly (readonly [string | Uint8Array, number])[] = [
    ['', -32700],
    ['{', -32700],
    [Uint8Array.of(255, 254, 0), -32700],
    ['[]', -32600],
    ['{}', -32600],
    ['null', -32600],
    ['"text"', -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"toString"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[]}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]}', -32602],
  ]
  for (const [body, code] of cases) {
    const answer = await raw(body)
    expect([answer.status, answer.type]).toEqual([200, 'application/json'])
    expect([body, parse(answer.text).error?.code]).toEqual([body, code])
  }
  const notification = await raw('{"jsonrpc":"2.0","method":"eth_chainId"}')
  expect([notification.status, notification.text]).toEqual([204, ''])
})

test('QLT-6: bodies, batches, filters and waiting are bounded', async () => {
  const long = await small.raw(
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x', params: ['y'.repeat(3_000)] }),
  )
  expect([long.status, parse(long.text).error?.code]).toEqual([200, -32005])
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId' }
  const batch = await small.raw(JSON.stringify([call, call, call, call]))
  expect(parse(batch.text).error).toMatchObject({ code: -32005, data: { code: 'BYN-1953' } })
  const ids = [await small.rpc('eth_newBlockFilter'), await small.rpc('eth_newPendingTransactionFilter')]
  expect((await small.rpc('eth_newBlockFilter')).error?.code).toBe(-32005)
  expect((await small.rpc('eth_uninstallFilter', ids[0]!.result)).result).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 600))
  const gone = await small.rpc('eth_getFilterChanges', ids[1]!.result)
  expect(gone.error?.message).toMatch(/^filter not found/)
  const { history } = instant
  const stuck = serve(
    { limits: { answerMs: 50 } },
    {
      ...instant,
      node: {
        ...instant.node,
        history: { ...history, transaction: () => new Promise<never>(() => undefined) },
      },
    },
  )
  const { error } = await (await stuck).rpc('eth_getTransactionReceipt', `0x${'11'.repeat(32)}`)
  expect(error).toMatchObject({ code: -32002, data: { code: 'BYN-1954' } })
})

test('QLT-6: requests that come in parts are bounded too, one by one and together', async () => {
  const inParts = async (url: string, size: number): Promise<number | undefined> => {
    const { request } = await import('node:http')
    const sending = request(url, { method: 'POST' })
    const text = new Promise<string>((resolve, reject) => {
      sending.on('error', reject)
      sending.on('response', async (response) => resolve(Buffer.concat(await response.toArray()).toString()))
    })
    sending.write('[')
    await new Promise((resolve) => setTimeout(resolve, 20))
    sending.end(' '.repeat(size))
    return parse(await text).error?.code
  }
  expect(await inParts(small.url, 1_000)).toBe(-32700)
  expect(await inParts(small.url, 3_000)).toBe(-32005)
  const tight = await serve({ limits: { allBodyBytes: 1_500 } }, instant)
  expect(await inParts(tight.url, 1_000)).toBe(-32700)
  expect(await inParts(tight.url, 2_000)).toBe(-32005)
  expect(await inParts(tight.url, 1_000)).toBe(-32700)
})

test('QLT-6: a port that is taken is told in words', async () => {
  const second = createApiServer({ node: instant.node })
  const port = Number(new URL(served.url).port)
  await expect(second.listen(port, '127.0.0.1')).rejects.toMatchObject({
    kind: 'ApiUnreachable',
    code: 'BYN-1964',
  })
  await second.close()
})

test('QLT-6: calls that keep the thread end with the time of their batch, and let others in', async () => {
  let simulated = 0
  const simulate: typeof instant.node.simulate = (call) => {
    const end = performance.now() + 5
    while (performance.now() < end);
    simulated++
    return instant.node.simulate(call)
  }
  const busy = await serve({ limits: { answerMs: 400 } }, { ...instant, node: { ...instant.node, simulate } })
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to: toHex(people[0]!) }] }
  let ended = false
  const batch = busy.raw(JSON.stringify(Array.from({ length: 500 }, () => call))).finally(() => {
    ended = true
  })
  await expect.poll(() => simulated, { interval: 1 }).toBeGreaterThan(0)
  expect((await busy.rpc('eth_chainId')).result).toMatch(/^0x/)
  expect(ended).toBe(false)
  const answers = JSON.parse((await batch).text) as RpcAnswer[]
  expect(answers).toHaveLength(500)
  expect(answers.at(-1)?.error?.code).toBe(-32002)
  expect(simulated).toBeLessThan(300)
})

test('QLT-6: a defect in the node is an internal error without its details', async () => {
  const broken = await serve(
    {},
    {
      ...instant,
      node: {
        ...instant.node,
        head: () => {
          throw new TypeError('secret detail')
        },
      },
    },
  )
  const answer = await broken.raw('{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}')
  expect(answer.status).toBe(200)
  expect(parse(answer.text).error).toMatchObject({ code: -32603, message: 'internal error' })
  expect(answer.text).not.toContain('secret')
  const native = await broken.get('/v1/status')
  expect(native.status).toBe(503)
  expect(await native.text()).not.toContain('secret')
})

test('QLT-6: pages elsewhere and names that point here are refused', async () => {
  const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
  const port = new URL(served.url).port
  const withHost = (host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1')
      let text = ''
      socket.on('data', (part) => {
        text += String(part)
      })
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
      socket.write(
        `POST / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
    })
  for (const host of [`localhost:${port}`, `node.localhost:${port}`, `127.0.0.1:${port}`, '[::1]:1']) {
    expect(await withHost(host)).toContain('"result":"0x')
  }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '', 'a b']) {
    expect(await withHost(host)).toMatch(/^HTTP\/1\.1 40[03]/)
  }
  const from = async (origin: string) => raw(body, { origin })
  expect((await from('http://localhost:3000')).status).toBe(200)
  expect((await from('chrome-extension://abcdef')).status).toBe(200)
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example', 'file://']) {
    const refused = await from(origin)
    expect([refused.status, refused.type]).toEqual([403, 'application/json'])
    expect(refused.text).toContain('BYN-1960')
  }
  const preflight = await served.get('/', { method: 'OPTIONS', headers: { origin: 'http://localhost:3000' } })
  expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
  const open = await serve({ access: { origins: ['https://console.example'] } }, instant)
  expect((await open.raw(body, { origin: 'https://console.example' })).status).toBe(200)
})

test('QLT-6: what is not HTTP, and other paths, get JSON', async () => {
  const port = Number(new URL(served.url).port)
  const text = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (part) => resolve(String(part)))
    socket.write('\x16\x03\x01nonsense\r\n\r\n')
  })
  expect(text).toMatch(/^HTTP\/1\.1 400[\s\S]*application\/json[\s\S]*BYN-1950/)
  for (const path of ['/', '/nothing', '/v1/nothing', '/v1/blocks/latest/nothing', '//', '/%00']) {
    const response = await served.get(path)
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json'])
  }
  const mount: NonNullable<ApiServerOptions['mount']> = (path, _, response) => {
    if (path === '/health') response.end('{}')
    return path === '/health'
  }
  const mounted = await serve({ mount }, instant)
  expect((await mounted.get('/health')).status).toBe(200)
  expect((await mounted.get('/ready')).status).toBe(404)
})
