import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  type Account,
  createAttempts,
  createStatuses,
  createToken,
  endSessions,
  revokeKey,
  type Statuses,
  setAccountState,
  setRegion,
} from '@banyan/central'
import { type Links, openLinks, sessionMac } from '@banyan/central/node'
import { createRegionLink, type RegionLink, type RegionLinkEvent } from '@banyan/central-link/node'
import { native } from '@banyan/crypto/native'
import { createSimulatedDisk } from '@banyan/storage/simulated'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { addAccount, addKey, openWorld, pepper, type World } from './world.js'

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const certificate = fixture('region-certificate.pem')
const fingerprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()
const seed = new Uint8Array(32).fill(3)

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end()
})

type Region = {
  readonly account: Account
  readonly link: RegionLink
  readonly events: RegionLinkEvent[]
  readonly url: string
}

/** A region that listens, and is in the directory of central. */
async function startRegion(
  world: World,
  changes: { readonly pin?: string; readonly centrals?: readonly Uint8Array[]; readonly key?: string } = {},
): Promise<Region> {
  const account = await addAccount(world, { kind: 'region' })
  const { key } = await addKey(world, account.id, ['link'])
  const events: RegionLinkEvent[] = []
  const link = createRegionLink({
    region: account.id,
    key: changes.key ?? key,
    centrals: changes.centrals ?? [native.ed25519.publicKey(seed)],
    mac: sessionMac(new Uint8Array(32).fill(5)),
    answerMs: 3_000,
    onEvent: (event) => events.push(event),
  })
  const server = createServer({ key: fixture('region-key.pem'), cert: certificate })
  const url = await listen(server, 'wss', link)
  ends.push(() => server.close(), link.close)
  await register(world, account.id, url, changes.pin ?? fingerprint)
  return { account, link, events, url }
}

async function listen(server: Server, scheme: string, link: RegionLink): Promise<string> {
  server.on('upgrade', link.accept)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/central`
}

function register({ central }: World, account: string, link: string, pin: string | undefined) {
  return central.change('test', (context) =>
    setRegion(context, {
      account,
      latitude: 0,
      longitude: 0,
      country: 'DE',
      zones: [],
      serves: [],
      web: 'https://region.example',
      link,
      fingerprint: pin,
      priceList: '0'.repeat(64),
    }),
  )
}

function connect(world: World): {
  readonly links: Links
  readonly statuses: Statuses
  readonly lost: string[]
} {
  const statuses = createStatuses()
  const lost: string[] = []
  const links = openLinks({
    central: world.central,
    credentials: world.credentials,
    attempts: createAttempts(),
    statuses,
    seed,
    now: () => world.clock.now,
    onLink: (_, state, error) => {
      if (state === 'lost') lost.push(error?.message ?? 'closed')
    },
    onAnswer: () => undefined,
  })
  ends.push(links.close)
  return { links, statuses, lost }
}

const until = (check: () => unknown) =>
  vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: 20_000, interval: 5 })
const refused = { kind: 'CredentialsRefused' }

describe('CMP-7: central dials regions and answers over that link', () => {
  test('keys, sessions, joins and tokens over WSS', async () => {
    const world = await openWorld()
    const { account, link } = await startRegion(world)
    const { links, statuses } = connect(world)
    const enterprise = await addAccount(world, { kind: 'enterprise', tiers: [1, 2] })
    const { key, id } = await addKey(world, enterprise.id, ['work'])

    expect(await link.checkKey(key, '198.51.100.7')).toEqual({
      kind: 'key',
      account: enterprise.id,
      key: id,
      scopes: ['work'],
      tiers: [1, 2],
    })
    await expect(link.checkKey(`bnk_${id}_${'0'.repeat(64)}`, '198.51.100.7')).rejects.toMatchObject(refused)
    const session = await link.openSession(key, '198.51.100.7')
    expect(link.checkSession(session.token)).toMatchObject({
      account: enterprise.id,
      key: id,
      scopes: ['work'],
    })
    expect(link.checkSession(`${session.token.slice(0, -1)}x`)).toBeUndefined()

    const miner = await addAccount(world, { kind: 'miner', tier: 4 })
    const { token } = await world.central.change('test', (context) =>
      createToken(context, miner.id, 'join', 9_000),
    )
    const redeemed = await link.redeem(token, '203.0.113.9')
    expect(redeemed).toMatchObject({ miner: miner.id })
    expect(await link.admitMiner(miner.id, redeemed.key, '203.0.113.9')).toMatchObject({
      miner: miner.id,
      tier: 4,
    })
    await expect(link.redeem(token, '203.0.113.9')).rejects.toMatchObject(refused)
    await expect(link.admitMiner(miner.id, key, '203.0.113.9')).rejects.toMatchObject(refused)

    link.report({ healthy: true, queued: 0, services: [] })
    await until(() => statuses.current(account.id, world.clock.now)?.healthy)
    expect(links.ready()).toEqual([account.id])
  })

  test('CMP-13: a region learns who pays it by the month, and nobody else does', async () => {
    const world = await openWorld()
    const { account, link } = await startRegion(world)
    const other = await startRegion(world)
    connect(world)
    const deal = { kind: 'subscription', region: account.id, perMonth: '3000', since: '2026-11-22' } as const
    const wallets = ['1', '2', '3', '4'].map((digit) => `0x${digit.repeat(40)}`)
    const paying = await addAccount(world, { kind: 'enterprise', wallet: wallets[0]!, deal })
    const second = await addAccount(world, { kind: 'enterprise', wallet: wallets[1]!, deal })
    const away = await addAccount(world, { kind: 'enterprise', wallet: wallets[2]!, deal })
    await addAccount(world, { kind: 'enterprise', wallet: wallets[3]!, deal: { kind: 'free' } })
    await world.central.change('test', (context) => setAccountState(context, away.id, 'suspended', 'test'))

    await until(() => link.readyLinks() === 1 && other.link.readyLinks() === 1)
    const rows = [paying, second]
      .map(({ id, wallet }) => ({ account: id, wallet, perMonth: '3000', since: '2026-11-22' }))
      .sort((a, b) => (a.account < b.account ? -1 : 1))
    expect((await link.subscriptions('')).subscriptions).toEqual(rows)
    expect((await link.subscriptions(rows[0]!.account)).subscriptions).toEqual([rows[1]])
    expect((await other.link.subscriptions('')).subscriptions).toEqual([])
    for (const wrong of [{ deal }, { deal: { ...deal, region: paying.id }, wallet: `0x${'5'.repeat(40)}` }])
      await expect(addAccount(world, { kind: 'enterprise', ...wrong })).rejects.toMatchObject({
        kind: 'AccountInvalid',
      })
  })

  test('what is revoked ends at once, in caches and sessions too', async () => {
    const world = await openWorld()
    const { link, events } = await startRegion(world)
    connect(world)
    const { id } = await addAccount(world, { kind: 'enterprise' })
    const first = await addKey(world, id, ['work'])
    const second = await addKey(world, id, ['work'])
    const { token } = await link.openSession(first.key, 'home')
    await link.checkKey(second.key, 'home')
    await world.central.change('test', (context) => revokeKey(context, first.id))
    await until(() => events.some((event) => event.kind === 'revoked' && event.keys.includes(first.id)))
    expect(link.checkSession(token)).toBeUndefined()
    await expect(link.checkKey(first.key, 'home')).rejects.toMatchObject(refused)
    const other = await link.openSession(second.key, 'home')
    await world.central.change('test', (context) => setAccountState(context, id, 'suspended', 'unpaid'))
    await until(() => link.checkSession(other.token) === undefined)
    await expect(link.checkKey(second.key, 'home')).rejects.toMatchObject(refused)
    await world.central.change('test', (context) => setAccountState(context, id, 'active', 'paid'))
    expect(link.checkSession(other.token)).toBeUndefined()
  })

  test('what was revoked while the link was away is told when it is back; verdicts in use go on meanwhile', async () => {
    const world = await openWorld()
    const { link } = await startRegion(world)
    const { links } = connect(world)
    const { id } = await addAccount(world, { kind: 'enterprise' })
    const [gone, kept] = [await addKey(world, id, ['work']), await addKey(world, id, ['work'])]
    const sessions = [await link.openSession(gone.key, 'home'), await link.openSession(kept.key, 'home')]
    links.close()
    await until(() => link.readyLinks() === 0)
    await world.central.change('test', (context) => revokeKey(context, gone.id))
    expect(await link.checkKey(gone.key, 'home')).toMatchObject({ key: gone.id })
    connect(world)
    await until(() => link.checkSession(sessions[0]!.token) === undefined)
    expect(link.checkSession(sessions[1]!.token)).toMatchObject({ key: kept.id })
  })

  test('two replicas answer; a follower that is behind cannot bring a key back, and one that is lost is not missed', async () => {
    const world = await openWorld()
    const { link } = await startRegion(world)
    const { id } = await addAccount(world, { kind: 'enterprise' })
    const { key, id: keyId } = await addKey(world, id, ['work'])
    const follower = await openWorld(createSimulatedDisk(), false, world.clock)
    await follower.central.follow(await world.central.records(1, 100))
    const writer = connect(world)
    connect(follower)
    await until(() => link.readyLinks() === 2)
    expect(await link.checkKey(key, 'home')).toMatchObject({ key: keyId })
    await world.central.change('test', (context) => revokeKey(context, keyId))
    await until(() =>
      link.checkKey(key, 'home').then(
        () => false,
        () => true,
      ),
    )
    for (let i = 0; i < 4; i++) await expect(link.checkKey(key, 'home')).rejects.toMatchObject(refused)

    await follower.central.follow(await world.central.records(follower.central.state.sequence() + 1, 100))
    const other = await addKey(world, id, ['work'])
    await follower.central.follow(await world.central.records(follower.central.state.sequence() + 1, 100))
    writer.links.close()
    await until(() => link.readyLinks() === 1)
    expect(await link.checkKey(other.key, 'home')).toMatchObject({ key: other.id })
    const miner = await addAccount(world, { kind: 'miner' })
    const { token } = await world.central.change('test', (context) =>
      createToken(context, miner.id, 'join', 90_000),
    )
    await expect(link.redeem(token, 'home')).rejects.toMatchObject({ kind: 'CentralUnreachable' })
  })

  test('a region whose account or key is taken back loses its link', async () => {
    const world = await openWorld()
    const { account, link } = await startRegion(world)
    const { links, lost } = connect(world)
    await until(() => links.ready().length === 1)
    const [keyId] = [...world.central.state.keysOf.get(account.id)!]
    await world.central.change('test', (context) => revokeKey(context, keyId!))
    await until(() => lost.some((message) => message.includes('does not work any more')))
    await until(() => link.readyLinks() === 0)
  })

  test('ending sessions ends those of a region too', async () => {
    const world = await openWorld()
    const { link } = await startRegion(world)
    connect(world)
    const { id } = await addAccount(world, { kind: 'enterprise' })
    const { key } = await addKey(world, id, ['work'])
    const { token } = await link.openSession(key, 'home')
    await world.central.change('test', (context) => endSessions(context, id))
    await until(() => link.checkSession(token) === undefined)
    expect(await link.checkKey(key, 'home')).toMatchObject({ account: id })
  })

  test('nobody gets an answer without a link, and questions do not wait forever', async () => {
    const world = await openWorld()
    const { link } = await startRegion(world)
    const key = `bnk_${'0'.repeat(24)}_${'0'.repeat(64)}`
    await expect(link.checkKey(key, 'home')).rejects.toMatchObject({ kind: 'CentralUnreachable' })
    await expect(link.checkKey('no key', 'home')).rejects.toMatchObject(refused)
  })
})

describe('CMP-7, CMP-17: neither side trusts a stranger', () => {
  test('another certificate than the registered one gets no message', async () => {
    const world = await openWorld()
    const { link } = await startRegion(world, { pin: '0'.repeat(64) })
    const { lost } = connect(world)
    await until(() => lost.some((message) => message.includes('certificate')))
    expect(link.readyLinks()).toBe(0)
  })

  test('a certificate that nobody vouches for is refused where none is registered', async () => {
    const world = await openWorld()
    const { account, url, link } = await startRegion(world)
    await register(world, account.id, url, undefined)
    const { links } = connect(world)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(links.ready()).toEqual([])
    expect(link.readyLinks()).toBe(0)
  })

  test('a region refuses a central with another key before it has told its own', async () => {
    const world = await openWorld()
    const { events } = await startRegion(world, {
      centrals: [native.ed25519.publicKey(new Uint8Array(32).fill(4))],
    })
    const { links } = connect(world)
    await until(() =>
      events.some((event) => event.kind === 'lost' && event.error.message.includes('not central')),
    )
    expect(links.ready()).toEqual([])
  })

  test('a region with a wrong key is told nothing', async () => {
    const world = await openWorld()
    await startRegion(world, { key: `bnk_${'0'.repeat(24)}_${'0'.repeat(64)}` })
    const { lost, links } = connect(world)
    await until(() => lost.some((message) => message.includes('did not show its key')))
    expect(links.ready()).toEqual([])
  })

  test('strangers who dial a region are dropped at their first wrong word, and are bounded', async () => {
    const world = await openWorld()
    const account = await addAccount(world, { kind: 'region' })
    const link = createRegionLink({
      region: account.id,
      key: (await addKey(world, account.id, ['link'])).key,
      centrals: [native.ed25519.publicKey(seed)],
      mac: sessionMac(pepper),
    })
    const server = createHttpServer()
    const url = await listen(server, 'ws', link)
    ends.push(() => server.close(), link.close)
    for (const word of [
      '',
      '{',
      '[]',
      '{"type":"welcome","sequence":1,"writer":true}',
      'x'.repeat(70_000),
      Buffer.from([0]),
    ]) {
      const socket = new WebSocket(url)
      const closed = new Promise((resolve) => socket.on('close', resolve))
      socket.on('open', () => socket.send(word))
      await closed
    }
    const open = Array.from({ length: 17 }, () => new WebSocket(url))
    const failed = await Promise.all(
      open.map(
        (socket) =>
          new Promise((resolve) => socket.on('open', () => resolve(0)).on('error', () => resolve(1))),
      ),
    )
    expect(failed.filter(Boolean)).toHaveLength(1)
    for (const socket of open) socket.terminate()
  })
})
