import { toHex, utf8 } from '@banyan/base'
import {
  type Account,
  certifyVersion,
  chooseVersion,
  promoteCanary,
  publishVersion,
  rollBack,
  type Submission,
  setTerms,
  startCanary,
  submitVersion,
  withdrawVersion,
} from '@banyan/central'
import type { DServiceTerms } from '@banyan/central-link'
import { native } from '@banyan/crypto/native'
import { makeRelease, signRelease } from '@banyan/dservice'
import { describe, expect, test } from 'vitest'
import { addAccount, authoritySeed, developerSeed, openWorld, type World } from './world.js'

const developerKey = toHex(native.ed25519.publicKey(developerSeed))

function submission(version: string, seed = developerSeed): Submission {
  const archive = utf8(version.padEnd(1_024))
  const release = signRelease(
    native,
    makeRelease(native, { name: 'darkroom', version }, archive),
    'developer',
    seed,
  )
  return { release, comparator: 'bytes', estimator: false, verifier: false }
}

const terms: DServiceTerms = {
  currency: 'EUR',
  prices: [{ tier: 3, perRequest: '120', perCpuHour: '40000', perGpuHour: '0', perGigabyte: '87700' }],
  contributor: 5_000,
  developer: 2_500,
  charities: { operator: { wallet: `0x${'44'.repeat(20)}`, share: 100 } },
}

type Maker = { readonly world: World; readonly developer: Account }

async function start(): Promise<Maker> {
  const world = await openWorld()
  return { world, developer: await addAccount(world, { kind: 'developer', developerKey }) }
}

const submit = ({ world, developer }: Maker, version: string) =>
  world.central.change('test', (context) => submitVersion(context, developer.id, submission(version)))

async function certify({ world }: Maker, version: string, seed = authoritySeed) {
  const { authority } = signRelease(native, submission(version).release, 'authority', seed)
  return world.central.change('test', (context) => certifyVersion(context, 'darkroom', version, authority!))
}

const publish = ({ world }: Maker, version: string) =>
  world.central.change('test', (context) => publishVersion(context, 'darkroom', version))

async function publishAll(maker: Maker, ...versions: readonly string[]): Promise<void> {
  for (const version of versions) {
    await submit(maker, version)
    await certify(maker, version)
    await maker.world.central.change('test', (context) => setTerms(context, 'darkroom', terms))
    await publish(maker, version)
  }
}

const stateOf = ({ world }: Maker) => {
  const { stable, canary, earlier } = world.central.state.dservices.get('darkroom')!
  return { stable, canary, earlier }
}
const invalid = { kind: 'DServiceInvalid' }
const wrongState = { kind: 'DServiceStateWrong' }

describe('CMP-12: versions are submitted, certified and published', () => {
  test('in this order only', async () => {
    const maker = await start()
    await submit(maker, '1.0.0')
    await expect(publish(maker, '1.0.0')).rejects.toMatchObject(wrongState)
    expect(await certify(maker, '1.0.0')).toMatchObject({ state: 'certified' })
    await expect(certify(maker, '1.0.0')).rejects.toMatchObject(wrongState)
    await expect(publish(maker, '1.0.0')).rejects.toMatchObject(invalid)
    await maker.world.central.change('test', (context) => setTerms(context, 'darkroom', terms))
    expect(await publish(maker, '1.0.0')).toMatchObject({ stable: '1.0.0' })
    const version = maker.world.central.state.dservices.get('darkroom')!.versions.get('1.0.0')
    expect(version).toMatchObject({
      state: 'published',
      release: { authority: { publicKey: expect.any(String) } },
    })
  })

  test('by the key of the developer whose name it is, and by a known authority', async () => {
    const maker = await start()
    const { world, developer } = maker
    const other = new Uint8Array(32).fill(1)
    const change = (id: string, given: Submission) =>
      world.central.change('test', (context) => submitVersion(context, id, given))
    await expect(change(developer.id, submission('1.0.0', other))).rejects.toMatchObject(invalid)
    const good = submission('1.0.0')
    const moved = { ...good, release: { ...good.release, version: '1.0.1' } }
    await expect(change(developer.id, moved)).rejects.toMatchObject({ kind: 'SignatureWrong' })
    const { developer: _, ...unsigned } = good.release
    const bare = change(developer.id, { ...good, release: unsigned })
    await expect(bare).rejects.toMatchObject({ kind: 'SignatureMissing' })
    await change(developer.id, good)
    await expect(change(developer.id, good)).rejects.toMatchObject(invalid)
    const rival = await addAccount(world, { kind: 'developer', developerKey })
    await expect(change(rival.id, submission('2.0.0'))).rejects.toMatchObject(invalid)
    await expect(certify(maker, '1.0.0', other)).rejects.toMatchObject({ kind: 'AuthorityUnknown' })
    await expect(certify(maker, '9.0.0')).rejects.toMatchObject({ kind: 'DServiceUnknown' })
  })

  test('a version that compares by a verifier has one', async () => {
    const { world, developer } = await start()
    const given = { ...submission('1.0.0'), comparator: 'verifier' as const }
    const change = world.central.change('test', (context) => submitVersion(context, developer.id, given))
    await expect(change).rejects.toMatchObject(invalid)
  })

  test('something is left for the operator, and a tier has one price', async () => {
    const maker = await start()
    await submit(maker, '1.0.0')
    const set = (changes: Partial<DServiceTerms>) =>
      maker.world.central.change('test', (context) => setTerms(context, 'darkroom', { ...terms, ...changes }))
    await expect(set({ contributor: 7_500 })).rejects.toMatchObject(invalid)
    await expect(set({ prices: [...terms.prices, ...terms.prices] })).rejects.toMatchObject(invalid)
    await expect(set({ contributor: 7_499 })).resolves.toMatchObject({ contributor: 7_499 })
  })
})

describe('CMP-12: versions are rolled out in part and rolled back', () => {
  test('a canary gets its share, is promoted, and the one before comes back', async () => {
    const maker = await start()
    const { central } = maker.world
    await publishAll(maker, '1.0.0', '1.1.0')
    expect(stateOf(maker)).toEqual({ stable: '1.0.0', canary: undefined, earlier: [] })
    const dservice = await central.change('test', (context) => startCanary(context, 'darkroom', '1.1.0', 500))
    const draws = Array.from({ length: 10_000 }, (_, draw) => chooseVersion(dservice, draw))
    expect(draws.filter((version) => version === '1.1.0')).toHaveLength(500)
    await central.change('test', (context) => promoteCanary(context, 'darkroom'))
    expect(stateOf(maker)).toEqual({ stable: '1.1.0', canary: undefined, earlier: ['1.0.0'] })
    await central.change('test', (context) => rollBack(context, 'darkroom'))
    expect(stateOf(maker)).toEqual({ stable: '1.0.0', canary: undefined, earlier: [] })
    const back = central.change('test', (context) => rollBack(context, 'darkroom'))
    await expect(back).rejects.toMatchObject(invalid)
  })

  test('rolling back ends a trial first; only published versions are tried out', async () => {
    const maker = await start()
    const { central } = maker.world
    await publishAll(maker, '1.0.0', '1.1.0')
    await submit(maker, '1.2.0')
    const early = central.change('test', (context) => startCanary(context, 'darkroom', '1.2.0', 500))
    await expect(early).rejects.toMatchObject(wrongState)
    await central.change('test', (context) => startCanary(context, 'darkroom', '1.1.0', 500))
    await central.change('test', (context) => rollBack(context, 'darkroom'))
    expect(stateOf(maker)).toEqual({ stable: '1.0.0', canary: undefined, earlier: [] })
  })

  test('a version that is withdrawn gets no request any more, for good', async () => {
    const maker = await start()
    const { central } = maker.world
    await publishAll(maker, '1.0.0', '1.1.0', '1.2.0')
    const withdraw = (version: string) =>
      central.change('test', (context) => withdrawVersion(context, 'darkroom', version))
    await central.change('test', (context) => startCanary(context, 'darkroom', '1.1.0', 500))
    await central.change('test', (context) => promoteCanary(context, 'darkroom'))
    await central.change('test', (context) => startCanary(context, 'darkroom', '1.2.0', 500))
    await withdraw('1.2.0')
    expect(stateOf(maker)).toMatchObject({ stable: '1.1.0', canary: undefined })
    await withdraw('1.1.0')
    expect(stateOf(maker)).toEqual({ stable: '1.0.0', canary: undefined, earlier: [] })
    await withdraw('1.0.0')
    expect(stateOf(maker).stable).toBeUndefined()
    expect(chooseVersion(stateOf(maker), 0)).toBeUndefined()
    await expect(withdraw('1.0.0')).rejects.toMatchObject(wrongState)
    await expect(publish(maker, '1.1.0')).rejects.toMatchObject(wrongState)
  })
})
