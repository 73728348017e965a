import {
  type ClientWish,
  createStatuses,
  type MinerOffer,
  type Region,
  regionsForClient,
  regionsForMiner,
  setAccountState,
  setRegion,
} from '@banyan/central'
import { native } from '@banyan/crypto/native'
import { beforeAll, describe, expect, test } from 'vitest'
import { addAccount, openWorld, type World } from './world.js'

const places = {
  Frankfurt: [50.11, 8.68, 'DE', ['EU']],
  Amsterdam: [52.37, 4.9, 'NL', ['EU']],
  London: [51.51, -0.13, 'GB', []],
  Tokyo: [35.68, 139.69, 'JP', []],
} as const
type Name = keyof typeof places

let world: World
const ids = new Map<Name, string>()
beforeAll(async () => {
  world = await openWorld()
  for (const [name, [latitude, longitude, country, zones]] of Object.entries(places)) {
    const { id } = await addAccount(world, { kind: 'region', name })
    ids.set(name as Name, id)
    await world.central.change('test', (context) =>
      setRegion(context, { ...descriptor(id), ...place(latitude, longitude), country, zones }),
    )
  }
})

const place = (latitude: number, longitude: number) => ({
  latitude: Math.round(latitude * 1e6),
  longitude: Math.round(longitude * 1e6),
})

function descriptor(account: string): Region {
  return {
    account,
    ...place(0, 0),
    country: 'DE',
    zones: [],
    serves: [],
    web: 'https://region.example',
    link: 'wss://region.example/central',
    fingerprint: undefined,
    priceList: '0'.repeat(64),
  }
}

type Load = {
  readonly capacity?: number
  readonly demand?: number
  readonly healthy?: boolean
  readonly name?: string
}

/** Statuses at the time 0: every region has room for 100, unless told otherwise. */
function statusesOf(loads: Partial<Record<Name, Load>> = {}) {
  const statuses = createStatuses()
  for (const [name, id] of ids) {
    const { capacity = 100, demand = 0, healthy = true, name: service = 'darkroom' } = loads[name] ?? {}
    statuses.note(id, { healthy, queued: 0, services: [{ name: service, tier: 3, capacity, demand }] }, 0)
  }
  return statuses
}

const wish: ClientWish = {
  place: place(50.94, 6.96),
  country: 'DE',
  dservices: ['darkroom'],
  tiers: [3],
  volume: 10,
  dataMayGoTo: [],
  count: 2,
  seed: 'one',
}

function names(found: readonly { readonly region: Region }[]): readonly Name[] {
  return found.map(({ region }) => [...ids].find(([, id]) => id === region.account)![0])
}

function choose(changes: Partial<ClientWish> = {}, loads: Partial<Record<Name, Load>> = {}, now = 0) {
  const parts = { state: world.central.state, statuses: statusesOf(loads), hasher: native }
  return names(regionsForClient(parts, { ...wish, ...changes }, now))
}

/** How often a region came first, of 400 seeds. */
function firsts(
  changes: Partial<ClientWish>,
  loads: Partial<Record<Name, Load>> = {},
): Partial<Record<Name, number>> {
  const counts: Partial<Record<Name, number>> = {}
  for (let seed = 0; seed < 400; seed++) {
    const first = choose({ ...changes, seed: `${seed}` }, loads)[0]!
    counts[first] = (counts[first] ?? 0) + 1
  }
  return counts
}

const noneSuits = expect.objectContaining({ kind: 'NoRegionSuits' })

describe('CMP-7: regions for a client', () => {
  test('the same seed gives the same answer, other seeds spread over those that are near', () => {
    expect(choose()).toEqual(choose())
    const counts = firsts({})
    expect(Object.keys(counts).sort()).toEqual(['Amsterdam', 'Frankfurt', 'London'])
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(80)
  })

  test('far ones only where near ones have no room for the volume', () => {
    expect(choose({ count: 4 })).not.toContain('Tokyo')
    expect(choose({ count: 4, volume: 350 }).toSorted()).toEqual([
      'Amsterdam',
      'Frankfurt',
      'London',
      'Tokyo',
    ])
    expect(() => choose({ count: 4, volume: 401 })).toThrow(noneSuits)
    const roomy = { Tokyo: { capacity: 1_000 } }
    expect(choose({ count: 1, volume: 500 }, roomy)).toEqual(['Tokyo'])
  })

  test('those that are down, overloaded, silent, suspended, or lack a DService are left out', async () => {
    const loads = { Frankfurt: { healthy: false }, Amsterdam: { demand: 100 }, London: { name: 'other' } }
    expect(choose({ volume: 1 }, loads)).toEqual(['Tokyo'])
    expect(() => choose({ tiers: [1] })).toThrow(noneSuits)
    expect(() => choose({ dservices: ['darkroom', 'other'] }, loads)).toThrow(noneSuits)
    expect(() => choose({}, {}, 30_000)).toThrow(noneSuits)
    const set = (state: 'suspended' | 'active') =>
      world.central.change('test', (context) => setAccountState(context, ids.get('Tokyo')!, state, ''))
    await set('suspended')
    expect(() => choose({ volume: 1 }, loads)).toThrow(noneSuits)
    await set('active')
  })

  test('data stay where they must, and regions serve whom they may', async () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(choose({ dataMayGoTo: ['EU'], count: 4, seed: `${seed}` }).toSorted()).toEqual([
        'Amsterdam',
        'Frankfurt',
      ])
      expect(choose({ dataMayGoTo: ['JP'], seed: `${seed}` })).toEqual(['Tokyo'])
    }
    expect(() => choose({ dataMayGoTo: ['US'] })).toThrow(noneSuits)
    const tokyo = world.central.state.regions.get(ids.get('Tokyo')!)!
    const set = (serves: readonly string[]) =>
      world.central.change('test', (context) => setRegion(context, { ...tokyo, serves }))
    await set(['JP'])
    expect(() => choose({ dataMayGoTo: ['JP'] })).toThrow(noneSuits)
    expect(choose({ dataMayGoTo: ['JP'], country: 'JP' })).toEqual(['Tokyo'])
    await set([])
  })

  test('room weighs: a region with ten times the room comes first much more often', () => {
    const { Amsterdam = 0, London = 0 } = firsts(
      {},
      { Frankfurt: { capacity: 0 }, Amsterdam: { capacity: 1_000 } },
    )
    expect(Amsterdam).toBeGreaterThan(5 * London)
  })
})

describe('CMP-7: regions for a miner', () => {
  const offer: MinerOffer = { place: wish.place, tier: 3, dservices: ['darkroom'], count: 3, seed: 'one' }
  const chooseFor = (changes: Partial<MinerOffer>, loads: Partial<Record<Name, Load>> = {}, now = 0) =>
    names(
      regionsForMiner(
        { state: world.central.state, statuses: statusesOf(loads), hasher: native },
        { ...offer, ...changes },
        now,
      ),
    )

  test('those that lack capacity for what it offers come first more often', () => {
    const loads = { London: { demand: 300 } }
    let first = 0
    for (let seed = 0; seed < 200; seed++) if (chooseFor({ seed: `${seed}` }, loads)[0] === 'London') first++
    expect(first).toBeGreaterThan(180)
    let other = 0
    for (let seed = 0; seed < 200; seed++) {
      if (chooseFor({ seed: `${seed}`, dservices: ['other'] }, loads)[0] === 'London') other++
    }
    expect(other).toBeLessThan(120)
  })

  test('far ones and those that are down are left out', () => {
    expect(chooseFor({}).toSorted()).toEqual(['Amsterdam', 'Frankfurt', 'London'])
    expect(chooseFor({}, { London: { healthy: false } })).not.toContain('London')
    expect(() => chooseFor({}, {}, 30_000)).toThrow(noneSuits)
  })
})

describe('CMP-7: descriptors of regions', () => {
  test('addresses are encrypted but for this machine, and the account is that of a region', async () => {
    const { id } = await addAccount(world, { kind: 'region' })
    const { id: miner } = await addAccount(world, { kind: 'miner' })
    const set = (changes: Partial<Region>) =>
      world.central.change('test', (context) => setRegion(context, { ...descriptor(id), ...changes }))
    for (const changes of [
      { web: 'http://region.example' },
      { link: 'ws://region.example' },
      { link: 'https://region.example' },
      { web: 'https://me:secret@region.example' },
      { web: 'region.example' },
      { account: miner },
    ]) {
      await expect(set(changes), JSON.stringify(changes)).rejects.toMatchObject({ kind: 'RegionInvalid' })
    }
    await expect(set({ web: 'http://localhost:80', link: 'ws://127.0.0.1:7771' })).resolves.toMatchObject({
      account: id,
    })
  })
})
