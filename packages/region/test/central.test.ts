import { createHmac } from 'node:crypto'
import type { LinkAnswer, Query, Refusal, RegionStatus, Revocation } from '@banyan/central-link'
import { createRegionLink, type Dialling, dialRegion, type RegionLink } from '@banyan/central-link/node'
import { native } from '@banyan/crypto/native'
import { centralAccounts } from '@banyan/region'
import { connectMiner } from '@banyan/tunnel/node'
import { afterEach, expect, test, vi } from 'vitest'
import { startLiveRegion, tell } from './live-region.js'

const seed = new Uint8Array(32).fill(1)
const id = (kind: string, digit: string) => `${kind}_${digit.repeat(24)}`
const keyOf = (digit: string) => `bnk_${digit.repeat(24)}_${digit.repeat(64)}`
const enterprise = id('ent', 'a')
const miner = id('min', 'b')
const once = `bnj_${'e'.repeat(24)}_${'e'.repeat(64)}`
const regionId = id('reg', 'c')

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A region and a central that knows one enterprise with the key 1, one end user with the key 2, and one miner with the key 3. */
async function start() {
  const { accounts, onEvent } = centralAccounts(() => link, 'here')
  const link: RegionLink = createRegionLink({
    region: regionId,
    key: keyOf('d'),
    centrals: [native.ed25519.publicKey(seed)],
    mac: (bytes) => createHmac('sha256', 'secret').update(bytes).digest(),
    onEvent,
  })
  const region = await startLiveRegion({
    accounts,
    central: { endpoint: { host: '127.0.0.1', port: 0 }, link },
  })
  ends.push(() => region.end())
  const reports: RegionStatus[] = []
  const revoked = new Set<string>()
  let sequence = 1
  const answerOf = (query: Query): LinkAnswer | Refusal => {
    if (query.kind === 'join') {
      const isGood = query.miner === miner && query.minerKey === keyOf('3') && !revoked.has(miner)
      return isGood ? { kind: 'join', miner, key: '3'.repeat(24), tier: 1, identified: true } : 'refused'
    }
    if (query.kind === 'redeem') {
      const isFirst = query.token === once && !revoked.has(once)
      revoked.add(once)
      return isFirst ? { kind: 'redeem', miner, key: keyOf('3') } : 'refused'
    }
    if (query.kind === 'service') return { kind: 'service', name: query.name }
    if (query.kind !== 'key') return 'refused'
    const digit = query.key.at(-1)!
    if (!'12'.includes(digit) || revoked.has(digit.repeat(24))) return 'refused'
    const scopes = digit === '1' ? (['work'] as const) : (['track'] as const)
    return { kind: 'key', account: enterprise, key: digit.repeat(24), scopes: [...scopes], tiers: [1] }
  }
  const dialling: Dialling = dialRegion({
    target: { region: regionId, url: `ws://127.0.0.1:${region.ports.central}`, fingerprint: undefined },
    seed,
    isRegion: (account, key) => account === regionId && key === keyOf('d'),
    position: () => ({ sequence, writer: true }),
    revokedSince: () => [],
    answer: async (query) => ({ answer: answerOf(query), sequence }),
    onReport: (status) => reports.push(status),
    onState: () => undefined,
  })
  ends.push(dialling.close)
  const revoke = (revocation: Omit<Revocation, 'sequence'>): void => {
    for (const each of [...revocation.accounts, ...revocation.keys]) revoked.add(each)
    dialling.revoked({ sequence: ++sequence, ...revocation })
  }
  await vi.waitFor(() => expect(dialling.isReady()).toBe(true), { timeout: 20_000 })
  return { region, revoke }
}

const connect = (port: number, key: string) => {
  const connection = connectMiner(
    {
      url: `ws://127.0.0.1:${port}`,
      miner,
      key,
      services: [{ name: 'echo', version: '1', concurrency: 4, warm: true }],
      maxRequests: 4,
    },
    tell,
  )
  ends.push(() => connection.close())
}

test('CMP-7: a region lets in whom central lets in, and ends what central takes back', async () => {
  const { region, revoke } = await start()
  const ask = async (credential: string): Promise<number> => {
    const headers = { authorization: `Bearer ${credential}` }
    return (await fetch(`${region.base}/echo/`, { headers })).status
  }
  connect(region.ports.miners, keyOf('3'))
  await vi.waitFor(() => expect(region.region.broker.miners.size).toBe(1), { timeout: 20_000 })
  expect(await ask(keyOf('1'))).toBe(200)
  expect(await ask(keyOf('2'))).toBe(403)
  expect(await ask(keyOf('4'))).toBe(401)
  const opened = await fetch(`${region.base}/_banyan/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf('1')}` },
  })
  const { token } = (await opened.json()) as { readonly token: string }
  expect(await ask(token)).toBe(200)
  revoke({ accounts: [], keys: ['1'.repeat(24)] })
  await vi.waitFor(async () => expect(await ask(token)).toBe(401), { timeout: 20_000 })
  expect(await ask(keyOf('1'))).toBe(401)
  revoke({ accounts: [miner], keys: [] })
  await vi.waitFor(() => expect(region.region.broker.miners.size).toBe(0), { timeout: 20_000 })
})

test('CMP-5: a miner exchanges a token that works once for its key, without any account', async () => {
  const { region } = await start()
  const url = `http://127.0.0.1:${region.ports.miners}/join`
  const join = (token: unknown) => fetch(url, { method: 'POST', body: JSON.stringify({ token }) })
  expect(await (await join(once)).json()).toEqual({ miner, key: keyOf('3') })
  const again = await join(once)
  expect(again.status).toBe(401)
  expect(await again.json()).toMatchObject({ error: { name: 'TokenRefused' } })
  expect((await join('x')).status).toBe(401)
  expect((await join(7)).status).toBe(401)
  expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(400)
  expect((await fetch(url)).status).toBe(426)
})
