import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { initCentral, readOptions, startCentral } from '@banyan/central/node'
import { native } from '@banyan/crypto/native'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from './folders.js'

const ends: (() => Promise<unknown>)[] = []
const lines: string[] = []
let url = ''
let root = ''

beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'banyan-central-'))
  ends.push(() => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'central')
  const { keyFile } = await initCentral(folder)
  root = (await readFile(keyFile, 'utf8')).trim()
  const write = (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message }))
  const started = await startCentral(
    { ...readOptions({ folder }, {}), port: 0 },
    { info: write, error: write },
    (error) => expect.unreachable(String(error)),
  )
  ends.push(started.stop)
  url = started.ready['api'] as string
})
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

const get = (path: string, token?: string) => ask(url, token, 'GET', path)
const post = (path: string, body?: unknown, token?: string) => ask(url, token, 'POST', path, body)

async function make(body: object): Promise<string> {
  const { status, json } = await post('/v1/accounts', { name: 'somebody', ...body }, root)
  expect(status).toBe(200)
  return (json as { readonly id: string }).id
}

async function keyOf(account: string, scopes: readonly string[]): Promise<string> {
  const { json } = await post(`/v1/accounts/${account}/keys`, { scopes }, root)
  return (json as { readonly key: string }).key
}

async function signIn(account: string, contact: string, password: string): Promise<string> {
  const reset = await post(`/v1/accounts/${account}/reset-tokens`, { lifeMs: 60_000 }, root)
  const { token } = reset.json as { readonly token: string }
  expect(await post('/v1/passwords', { token, password })).toMatchObject({ status: 200 })
  expect(await post('/v1/passwords', { token, password })).toMatchObject({ status: 400 })
  const session = await post('/v1/sessions', { contact, password })
  return (session.json as { readonly token: string }).token
}

const password = 'four words make one'

describe('CMP-7: the API of central', () => {
  test('people sign in and manage what is theirs, and nothing else', async () => {
    const id = await make({ kind: 'enterprise', contact: 'anna@example.com' })
    const other = await make({ kind: 'enterprise' })
    const token = await signIn(id, 'anna@example.com', password)
    expect(await get('/v1/whoami', token)).toMatchObject({ status: 200, json: { account: { id } } })
    const made = await post(`/v1/accounts/${id}/keys`, { scopes: ['work'] }, token)
    const { id: keyId, key } = made.json as { readonly id: string; readonly key: string }
    expect(await get(`/v1/accounts/${id}/keys`, token)).toMatchObject({
      json: [{ id: keyId, scopes: ['work'] }],
    })
    expect(await get('/v1/whoami', key)).toMatchObject({ status: 200, json: { scopes: ['work'] } })
    const child = await post('/v1/accounts', { kind: 'child', name: 'end user', parent: id }, token)
    const childId = (child.json as { readonly id: string }).id
    expect(await post(`/v1/accounts/${childId}/keys`, { scopes: ['track'] }, token)).toMatchObject({
      status: 200,
    })
    expect(await post(`/v1/accounts/${id}/terms`, { version: '2026-11' }, token)).toMatchObject({
      json: { terms: { version: '2026-11' } },
    })
    for (const [path, body] of [
      [`/v1/accounts/${other}/keys`, { scopes: ['work'] }],
      ['/v1/accounts', { kind: 'enterprise', name: 'x' }],
      ['/v1/accounts', { kind: 'child', name: 'x', parent: other }],
      [`/v1/accounts/${id}/state`, { state: 'suspended', reason: 'x' }],
      [`/v1/accounts/${id}/changes`, { tiers: [1] }],
      ['/v1/promote', undefined],
    ] as const) {
      expect(await post(path, body, token), path).toMatchObject({
        status: 403,
        json: { error: { name: 'ScopeRefused' } },
      })
      expect(await post(path, body, key), path).toMatchObject({ status: 403 })
      expect(await post(path, body), path).toMatchObject({ status: 401 })
    }
    // A key works, it does not manage.
    expect(await post(`/v1/accounts/${id}/keys`, { scopes: ['work'] }, key)).toMatchObject({ status: 403 })
    expect(await post(`/v1/keys/${keyId}/revoke`, undefined, token)).toMatchObject({ status: 200 })
    expect(await get('/v1/whoami', key)).toMatchObject({ status: 401 })
    expect(await post(`/v1/accounts/${id}/end-sessions`, undefined, token)).toMatchObject({ status: 200 })
    expect(await get('/v1/whoami', token)).toMatchObject({ status: 401 })
  })

  test('an admin of accounts gives nobody more than it has', async () => {
    const clerk = await make({ kind: 'admin', scopes: ['accounts'] })
    const key = await keyOf(clerk, ['accounts'])
    const chief = await make({ kind: 'admin' })
    const refused = { status: 403, json: { error: { name: 'ScopeRefused' } } }
    expect(await post('/v1/accounts', { kind: 'admin', name: 'x', scopes: ['registry'] }, key)).toMatchObject(
      refused,
    )
    expect(await post('/v1/accounts', { kind: 'admin', name: 'x' }, key)).toMatchObject(refused)
    expect(await post(`/v1/accounts/${chief}/keys`, { scopes: ['accounts'] }, key)).toMatchObject(refused)
    expect(await post(`/v1/accounts/${chief}/reset-tokens`, { lifeMs: 60_000 }, key)).toMatchObject(refused)
    expect(await post(`/v1/accounts/${clerk}/changes`, { scopes: ['audit'] }, key)).toMatchObject(refused)
    expect(await post('/v1/accounts', { kind: 'admin', name: 'x', scopes: ['accounts'] }, key)).toMatchObject(
      { status: 200 },
    )
  })

  test('a miner gets a join token, keys are rotated, lists have pages', async () => {
    const miner = await make({ kind: 'miner', tier: 4 })
    expect(await post(`/v1/accounts/${miner}/join-tokens`, { lifeMs: 60_000 }, root)).toMatchObject({
      json: { token: expect.stringMatching(/^bnj_/) },
    })
    const key = await keyOf(miner, ['join'])
    const rotated = await post(`/v1/keys/${key.split('_')[1]}/rotate`, { graceMs: 0 }, root)
    expect(rotated).toMatchObject({ status: 200 })
    expect(await get('/v1/whoami', key)).toMatchObject({ status: 401 })
    const all = (await get('/v1/accounts?limit=1000', root)).json as readonly { readonly id: string }[]
    const next = (await get(`/v1/accounts?after=${all[0]!.id}&limit=2`, root)).json
    expect(next).toEqual(all.slice(1, 3))
    expect((await get('/v1/accounts?kind=miner', root)).json).toMatchObject([{ id: miner }])
    expect(await get(`/v1/accounts/${'ent_'.padEnd(28, '0')}`, root)).toMatchObject({ status: 404 })
  })

  test('the audit tells who did what, without hashes', async () => {
    const id = await make({ kind: 'developer', contact: 'dev@example.com' })
    await keyOf(id, ['develop'])
    await signIn(id, 'dev@example.com', password)
    const { json } = await get('/v1/audit?from=1&limit=500', root)
    const text = JSON.stringify(json)
    expect(text).toContain('"type":"passwordSet"')
    expect(text).toContain('"type":"keyCreated"')
    expect(text).not.toContain('argon2id')
    expect(text).not.toContain('"mac"')
    expect((json as readonly object[])[0]).toMatchObject({ sequence: 1, by: 'system' })
    const journal = (await get('/v1/journal?from=1&limit=2&waitMs=0', root)).json
    expect(journal).toMatchObject([{ sequence: 1 }, { sequence: 2 }])
  })

  test('regions and DServices are registered and listed', async () => {
    const account = await make({ kind: 'region' })
    const region = {
      account,
      latitude: 1,
      longitude: 2,
      country: 'DE',
      zones: ['EU'],
      serves: [],
      web: 'https://region.example',
      link: 'ws://127.0.0.1:9',
      priceList: '0'.repeat(64),
    }
    expect(await post('/v1/regions', region, root)).toMatchObject({ status: 200 })
    expect(await get('/v1/regions', root)).toMatchObject({
      json: [{ region: { account }, connected: false }],
    })
    const wish = {
      place: { latitude: 0, longitude: 0 },
      country: 'DE',
      dservices: ['darkroom'],
      tiers: [3],
      volume: 1,
    }
    const select = { ...wish, dataMayGoTo: [], count: 2, seed: 'x' }
    expect(await post('/v1/regions/select', select, root)).toMatchObject({
      status: 503,
      json: { error: { name: 'NoRegionSuits' } },
    })
    const developer = await make({
      kind: 'developer',
      developerKey: toHex(native.ed25519.publicKey(new Uint8Array(32))),
    })
    const signature = { publicKey: `0x${'11'.repeat(32)}`, signature: `0x${'22'.repeat(64)}` }
    const release = {
      format: 1,
      name: 'darkroom',
      version: '1.0.0',
      content: `0x${'33'.repeat(32)}`,
      bytes: 2_048,
      developer: signature,
    }
    const submission = { release, comparator: 'bytes', estimator: false, verifier: false }
    const key = await keyOf(developer, ['develop'])
    expect(await post('/v1/dservices', submission, key)).toMatchObject({
      status: 400,
      json: { error: { name: 'SignatureWrong' } },
    })
    expect(await get('/v1/dservices', key)).toMatchObject({ status: 200, json: [] })
    expect(await post('/v1/dservices/darkroom/rollback', undefined, key)).toMatchObject({ status: 404 })
  })

  test('the OpenAPI document describes every route', async () => {
    const { json } = await get('/v1/openapi.json')
    const { paths } = json as { readonly paths: Readonly<Record<string, object>> }
    expect(Object.keys(paths)).toHaveLength(30)
    expect(JSON.stringify(paths)).not.toContain('"operationId":""')
  })

  test('metrics and probes need no credentials, and hold none', async () => {
    for (const path of ['/health', '/ready']) expect((await fetch(new URL(path, url))).status).toBe(200)
    const text = await (await fetch(new URL('/metrics', url))).text()
    expect(text).toMatch(/banyan_central_accounts \d+/)
    expect(text).toMatch(/banyan_central_refused_total\{error="ScopeRefused"\} \d+/)
    for (const said of [text, lines.join('\n')]) expect(said).not.toMatch(/bn[kjr]_[0-9a-f]{24}_|bns\./)
  })
})

describe('CMP-17: bad requests to central', () => {
  test('pages, foreign names, and what is malformed are refused by name', async () => {
    const status = (headers: Readonly<Record<string, string>>) =>
      new Promise<number>((resolve, reject) => {
        const { hostname, port } = new URL(url)
        request(
          { hostname, port, path: '/v1/whoami', headers: { authorization: `Bearer ${root}`, ...headers } },
          (response) => {
            response.resume()
            resolve(response.statusCode!)
          },
        )
          .on('error', reject)
          .end()
      })
    expect(await status({})).toBe(200)
    expect(await status({ host: 'evil.example' })).toBe(403)
    expect(await status({ origin: 'http://localhost:4400' })).toBe(403)
    expect(await get('/v1/nothing', root)).toMatchObject({ status: 404 })
    expect(await post('/v1/accounts', { kind: 'robot', name: 'x' }, root)).toMatchObject({
      status: 400,
      json: { error: { name: 'ParametersInvalid' } },
    })
    expect(await post('/v1/accounts', { kind: 'miner', name: 'x'.repeat(70_000) }, root)).toMatchObject({
      status: 413,
    })
    const text = await fetch(new URL('/v1/accounts', url), {
      method: 'POST',
      body: '{',
      headers: { authorization: `Bearer ${root}`, 'content-type': 'application/json' },
    })
    expect(text.status).toBe(400)
    expect(
      await post('/v1/passwords', { token: `bnr_${'0'.repeat(24)}_${'0'.repeat(64)}`, password: 'short' }),
    ).toMatchObject({
      json: { error: { name: 'PasswordUnsuited' } },
    })
  })

  test('an error never repeats what was given', async () => {
    const secret = `bnk_${'0'.repeat(24)}_${'1'.repeat(63)}x`
    const { json } = await post('/v1/sessions', { contact: secret, password: secret })
    expect(JSON.stringify(json)).not.toContain('1111')
    const token = await post('/v1/passwords', { token: secret, password })
    expect(JSON.stringify(token.json)).not.toContain('1111')
  })
})
