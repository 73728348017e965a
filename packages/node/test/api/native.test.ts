import { banyanError, equalBytes, fromHex, toHex } from '@banyan/base'
import { assetAddress } from '@banyan/contracts'
import { verifyHeaderField, verifyPresence, verifyReceipt, verifyTransactionProof } from '@banyan/crypto'
import { blockId, decodeHeader } from '@banyan/ledger'
import { joinRecords } from '@banyan/light'
import { expect, test } from 'vitest'
import { people, provider, wallets } from './instant-chain.js'
import { serve } from './servers.js'
import { ethereumPayment, packageOf, transferOf } from './signed.js'

const { instant, get } = await serve()

type Json = Readonly<Record<string, unknown>>
const json = async (path: string): Promise<Json> => (await get(path)).json() as Promise<Json>

/** Bytes of hexadecimal text wherever it stands in a value. */
const revive = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, field: unknown) =>
    typeof field === 'string' && /^0x([0-9a-f]{2})*$/.test(field) ? fromHex(field) : field,
  )
const proofIn = ({ proof }: Json): Record<string, unknown> =>
  revive(JSON.parse(Buffer.from(String(proof).slice(2), 'hex').toString())) as Record<string, unknown>

async function send(envelopes: readonly Uint8Array[]): Promise<Json[]> {
  const many = envelopes.map((envelope) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(envelope.length)
    return Buffer.concat([length, envelope])
  })
  const response = await get('/v1/transactions', {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.banyan.envelopes' },
    body: Buffer.concat(many),
  })
  return ((await response.json()) as { results: Json[] }).results
}

test('LED-16: a transaction is pending, then included, then final with its certificate', async () => {
  instant.hold = true
  const [sent] = await send([ethereumPayment(instant)])
  const id = sent!['id'] as string
  const path = `/v1/transactions/${id}`
  expect(await json(path)).toMatchObject({
    id,
    state: 'pending',
    from: toHex(wallets[0]!),
    block: null,
    certificate: null,
  })
  instant.pretend(fromHex(id) as never, { kind: 'included', height: 7, blockId: instant.chain.head.id })
  expect(await json(path)).toMatchObject({
    state: 'included',
    block: { height: 7, index: null },
    certificate: null,
  })
  instant.hold = false
  const { header, id: block } = instant.mine()
  const { height } = header
  const certificate = toHex(new TextEncoder().encode(`certificate of block ${height}`))
  expect(await json(path)).toMatchObject({
    state: 'final',
    block: { height, blockId: toHex(block), index: 0 },
    receipt: { status: 'success', error: null },
    certificate: { height, blockId: toHex(block), certificate },
  })
})

test('LED-16: a transaction that fails is failed and final; one that cannot be included is expired or failed', async () => {
  instant.hold = true
  const [first, second] = await send([packageOf(instant, [1n]), transferOf(instant, { amount: 2n })])
  const ids = [first, second].map((sent) => sent!['id'] as `0x${string}`)
  const expired = banyanError('TransactionExpired', { validUntil: 3, height: 4 })
  instant.pretend(fromHex(ids[0]!) as never, { kind: 'dropped', error: expired })
  instant.pretend(fromHex(ids[1]!) as never, {
    kind: 'dropped',
    error: banyanError('NonceTooLow', { expected: 3, given: 2 }),
  })
  expect(await json(`/v1/transactions/${ids[0]}`)).toMatchObject({
    state: 'expired',
    error: { code: 'BYN-1207' },
  })
  expect(await json(`/v1/transactions/${ids[1]}`)).toMatchObject({
    state: 'failed',
    error: { code: 'BYN-1210' },
  })
  instant.hold = false
  instant.mine()
  const [failing] = await send([packageOf(instant, [10n ** 30n])])
  const state = await json(`/v1/transactions/${failing!['id']}`)
  expect(state).toMatchObject({ state: 'final', receipt: { status: 'success' } })
  const receipt = await json(`/v1/transactions/${failing!['id']}/receipt`)
  expect(receipt['logs']).toEqual([])
})

test('LED-16: receipts hold status, balances, fees and logs', async () => {
  const [sent] = await send([transferOf(instant, { amount: 7n })])
  const receipt = await json(`/v1/transactions/${sent!['id']}/receipt`)
  const view = instant.node.view()
  expect(receipt).toMatchObject({
    status: 'success',
    payerBalance: String(view.account(people[0]!)?.balance),
    payeeBalance: String(view.account(people[1]!)?.balance),
    logs: [{ address: toHex(assetAddress(0 as never)) }],
  })
  expect(Number(receipt['baseFee'])).toBeGreaterThan(0)
})

test('LED-16: proofs of receipts, transactions, rows and header fields verify', async () => {
  const [sent] = await send([ethereumPayment(instant)])
  const id = sent!['id'] as `0x${string}`
  const receipt = proofIn(await json(`/v1/transactions/${id}/receipt/proof`))
  const { receipt: bytes, proof } = receipt['proof'] as { receipt: Uint8Array; proof: never }
  expect(verifyReceipt(provider, receipt['receiptsRoot'] as Uint8Array, bytes, proof)).toBe(true)
  expect(toHex(bytes.subarray(0, 32))).toBe(id)
  const inBlock = proofIn(await json(`/v1/transactions/${id}/proof`))
  expect(
    verifyTransactionProof(
      provider,
      inBlock['payloadRoot'] as Uint8Array,
      fromHex(id)!,
      inBlock['proof'] as never,
    ),
  ).toBe(true)
  const path = `/v1/accounts/${toHex(people[0]!)}`
  const account = proofIn(await json(`${path}/proof`))
  const { row } = account['proof'] as { row: never }
  expect(verifyPresence(provider, account['stateRoot'] as Uint8Array, 'accounts', people[0]!, row)).toBe(true)
  const anchored = await json('/v1/blocks/latest/proof/stateRoot')
  const field = proofIn(anchored)['proof'] as { chunk: Uint8Array; branch: Uint8Array }
  const blockIdBytes = fromHex(anchored['blockId'] as string)!
  expect(verifyHeaderField(provider, blockIdBytes, 'stateRoot', field.chunk, field.branch)).toBe(true)
  for (const absent of [
    `/v1/accounts/0x${'ab'.repeat(20)}`,
    `/v1/rows/0x${'ab'.repeat(32)}`,
    `${path}/balances/77`,
  ]) {
    expect(proofIn(await json(`${absent}/proof`))['proof']).toMatchObject({ kind: 'absent' })
  }
})

test('CON-10: records of epochs come from one on, as many as fit, each with its length in front', async () => {
  const bytesOf = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer())
  expect(await bytesOf('/v1/epochs/0')).toEqual(joinRecords(instant.node.epochs(0, 64)))
  expect(await bytesOf('/v1/epochs/2')).toEqual(joinRecords(instant.node.epochs(2, 64)))
  expect(await bytesOf('/v1/epochs/9')).toHaveLength(0)
  const large = await serve()
  large.instant.records = [700_000, 300_000, 100_000].map((length) => new Uint8Array(length))
  const fitting = new Uint8Array(await (await large.get('/v1/epochs/0')).arrayBuffer())
  expect(fitting).toHaveLength(4 + 700_000 + 4 + 300_000)
  large.instant.records = [new Uint8Array(2_000_000)]
  expect(await (await large.get('/v1/epochs/0')).arrayBuffer()).toHaveProperty('byteLength', 2_000_004)
})

test('SDK-4: state is read natively, absent rows too', async () => {
  const account = await json(`/v1/accounts/${toHex(people[0]!)}`)
  expect(account).toMatchObject({ exists: true, number: 1, height: instant.node.head().header.height })
  const nobody = await json(`/v1/accounts/0x${'ab'.repeat(20)}`)
  expect(nobody).toMatchObject({ exists: false, number: null, balance: '0' })
  const balance = `/v1/accounts/${toHex(people[0]!)}/balances`
  expect(await json(`${balance}/1`)).toMatchObject({ exists: true, balance: '5000000' })
  expect(await json(`${balance}/0`)).toMatchObject({ balance: account['balance'] })
  expect(await json('/v1/assets/1')).toMatchObject({ symbol: 'OLV', decimals: 6, supply: '12000000' })
  expect((await get('/v1/assets/99')).status).toBe(404)
  expect(await json(`/v1/rows/0x${'ab'.repeat(32)}`)).toMatchObject({ value: null })
  expect(await json(`/v1/utxos/0x${'ab'.repeat(32)}`)).toMatchObject({ utxo: null })
})

test('SDK-4: blocks come as JSON and as the bytes that their id is the root of', async () => {
  const { header, id } = instant.node.head()
  const byHeight = await json(`/v1/blocks/${header.height}`)
  expect(byHeight).toEqual(await json(`/v1/blocks/${toHex(id)}`))
  expect(byHeight).toMatchObject({ id: toHex(id), stateRoot: toHex(header.stateRoot) })
  const response = await get(`/v1/blocks/${header.height}/header`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  expect(equalBytes(blockId(decodeHeader(bytes)), id)).toBe(true)
  expect(await json('/v1/status')).toMatchObject({ height: header.height, ready: true, syncing: null })
  expect(await json('/v1/validators')).toMatchObject({ epoch: 0, validators: [{ weight: '1' }] })
})

test('SDK-4: transactions of a block and logs come in pages', async () => {
  instant.hold = true
  const sent = await send([1n, 2n, 3n].map((amount) => transferOf(instant, { amount })))
  instant.hold = false
  const { height } = instant.mine().header
  const path = `/v1/blocks/${height}/transactions`
  const first = await json(`${path}?limit=2`)
  expect(first).toEqual({ ids: sent.slice(0, 2).map(({ id }) => id), next: 2 })
  expect(await json(`${path}?from=2&limit=2`)).toEqual({ ids: [sent[2]!['id']], next: null })
  const query = `/v1/logs?from=${height}&to=${height}&limit=2&address=${toHex(assetAddress(0 as never))}`
  const page = (await json(query)) as { logs: Json[]; next: string }
  expect(page.logs.map(({ data }) => Number(data))).toEqual([1, 2])
  const rest = (await json(`${query}&after=${page.next}`)) as { logs: Json[]; next: null }
  expect(rest.logs.map(({ data }) => Number(data))).toEqual([3])
  expect(rest.next).toBeNull()
})

test('SDK-4: the stream of final blocks has no gaps, and resumes after a height', async () => {
  const read = async (path: string, count: number, headers: Record<string, string> = {}): Promise<Json[]> => {
    const stop = new AbortController()
    const response = await get(path, { headers, signal: stop.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events: Json[] = []
    let text = ''
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString()
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))
        if (data !== null) events.push(JSON.parse(data[1]!) as Json)
        else instant.mine()
        text = text.slice(end + 2)
      }
      if (events.length >= count) break
    }
    stop.abort()
    return events
  }
  const newest = instant.node.head().header.height
  const heights = (events: Json[]) => events.map(({ height }) => height)
  expect(heights(await read('/v1/events?from=1', newest + 1))).toEqual(
    Array.from({ length: newest + 1 }, (_, i) => i + 1),
  )
  expect(heights(await read('/v1/events', 2, { 'last-event-id': String(newest - 1) }))).toEqual([
    newest,
    newest + 1,
  ])
  const live = instant.node.head().header.height
  expect(heights(await read('/v1/events', 1))).toEqual([live + 1])
})

test('SDK-4: the OpenAPI document describes every route, and examples of answers hold', async () => {
  const document = (await json('/v1/openapi.json')) as {
    openapi: string
    paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>
  }
  expect(document.openapi).toBe('3.1.0')
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, ...operation })),
  )
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { path, parameters } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named)
  }
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      '/v1/status',
      '/v1/transactions',
      '/v1/events',
      '/v1/accounts/{address}/proof',
      '/v1/blocks/{block}/proof',
      '/v1/epochs/{from}',
    ]),
  )
})

test('SDK-4: blocks that are no longer kept are unknown everywhere', async () => {
  const other = await serve()
  for (let i = 0; i < 5; i++) other.instant.mine()
  other.instant.history.prunedBelow = 3
  for (const path of ['/v1/blocks/2', '/v1/logs?from=2', '/v1/events?from=2', '/v1/blocks/2/certificate']) {
    const response = await other.get(path)
    expect([path, response.status]).toEqual([path, 404])
    await response.body?.cancel()
  }
  expect((await other.rpc('eth_getBlockByNumber', '0x2', false)).result).toBeNull()
  expect((await other.rpc('eth_getLogs', { fromBlock: '0x2' })).error?.message).toMatch(/^header not found/)
  expect((await other.rpc('eth_feeHistory', '0x10', 'latest', [])).result).toMatchObject({
    oldestBlock: '0x3',
  })
})

test('QLT-6: bad requests get registry errors as JSON and do not reach the node', async () => {
  const before = instant.submissions.length
  const bad = [
    '/v1/blocks/-1',
    '/v1/blocks/1e3',
    '/v1/blocks/99999999',
    '/v1/blocks/0x12',
    '/v1/blocks/latest/proof/nothing',
    '/v1/blocks/99999999/proof',
    '/v1/epochs/x',
    '/v1/recent/-1/proof',
    '/v1/accounts/0x12',
    '/v1/accounts/vitalik.eth',
    `/v1/accounts/${toHex(people[0]!)}/balances/4294967296`,
    '/v1/transactions/0x12',
    `/v1/transactions/0x${'11'.repeat(32)}`,
    `/v1/transactions/0x${'11'.repeat(32)}/proof`,
    '/v1/logs',
    '/v1/logs?from=x',
    '/v1/logs?from=0&limit=0',
    '/v1/logs?from=0&topic0=1',
    '/v1/logs?from=0&after=1',
    '/v1/events?from=x',
  ]
  for (const path of bad) {
    const response = await get(path)
    expect([path, [400, 404].includes(response.status)]).toEqual([path, true])
    const { error } = (await response.json()) as { error: Json }
    expect(error).toMatchObject({ code: expect.stringMatching(/^BYN-\d{4}$/), fix: expect.any(String) })
  }
  const post = async (type: string, body: Uint8Array) =>
    (
      await get('/v1/transactions', {
        method: 'POST',
        headers: { 'content-type': type },
        body: Buffer.from(body),
      })
    ).status
  expect(await post('application/json', new Uint8Array(3))).toBe(400)
  expect(await post('application/vnd.banyan.envelopes', new Uint8Array(0))).toBe(400)
  expect(await post('application/vnd.banyan.envelopes', Uint8Array.of(9, 0, 0, 0, 1))).toBe(400)
  expect(await post('application/vnd.banyan.envelopes', Uint8Array.of(1, 2))).toBe(400)
  expect(instant.submissions.length).toBe(before)
})
