import { changeAccount, createAccount, setAccountState } from '@banyan/central'
import { describe, expect, test } from 'vitest'
import { addAccount, addKey, openWorld } from './world.js'

const invalid = { kind: 'AccountInvalid' }

describe('CMP-7: accounts', () => {
  test('every kind has an id that tells it, and its own scopes', async () => {
    const world = await openWorld()
    const enterprise = await addAccount(world, { kind: 'enterprise' })
    expect(enterprise).toMatchObject({
      state: 'active',
      tiers: [1, 2, 3, 4],
      scopes: ['work', 'track', 'children'],
    })
    expect(enterprise.id).toMatch(/^ent_[0-9a-f]{24}$/)
    expect((await addAccount(world, { kind: 'region' })).id).toMatch(/^reg_/)
    expect((await addAccount(world, { kind: 'miner' })).id).toMatch(/^min_/)
    expect((await addAccount(world, { kind: 'developer' })).id).toMatch(/^dev_/)
    expect((await addAccount(world, { kind: 'admin', scopes: ['audit'] })).scopes).toEqual(['audit'])
    expect((await addAccount(world, { kind: 'child', parent: enterprise.id })).id).toMatch(/^chd_/)
  })

  test('kinds are not mixed', async () => {
    const world = await openWorld()
    const { id: enterprise } = await addAccount(world, { kind: 'enterprise' })
    const { id: miner } = await addAccount(world, { kind: 'miner' })
    for (const given of [
      { kind: 'enterprise', scopes: ['accounts'] },
      { kind: 'enterprise', tier: 1 },
      { kind: 'miner', tier: undefined },
      { kind: 'miner', tiers: [1], parent: enterprise },
      { kind: 'child' },
      { kind: 'child', parent: miner },
      { kind: 'miner', developerKey: `0x${'11'.repeat(32)}` },
    ] as const) {
      await expect(addAccount(world, given), JSON.stringify(given)).rejects.toMatchObject(invalid)
    }
    const change = world.central.change('test', (context) =>
      changeAccount(context, miner, { scopes: ['work'] }),
    )
    await expect(change).rejects.toMatchObject(invalid)
  })

  test('a contact and a wallet belong to one account each', async () => {
    const world = await openWorld()
    const wallet = `0x${'cd'.repeat(20)}`
    const { id } = await addAccount(world, { kind: 'miner', contact: 'A@b.c', wallet })
    await expect(addAccount(world, { kind: 'miner', wallet })).rejects.toMatchObject({
      kind: 'AccountFieldTaken',
    })
    await expect(addAccount(world, { kind: 'miner', contact: 'a@B.C' })).rejects.toMatchObject({
      kind: 'AccountFieldTaken',
    })
    const other = `0x${'ef'.repeat(20)}`
    await world.central.change('test', (context) => changeAccount(context, id, { wallet: other }))
    await expect(addAccount(world, { kind: 'miner', wallet })).resolves.toMatchObject({ wallet })
  })

  test('a ban revokes all keys for good and ends by an appeal only', async () => {
    const world = await openWorld()
    const { id } = await addAccount(world, { kind: 'miner' })
    const { key } = await addKey(world, id, ['join'])
    const set = (state: 'active' | 'suspended' | 'banned') =>
      world.central.change('test', (context) => setAccountState(context, id, state, 'wrong work'))
    await set('suspended')
    await set('active')
    expect(world.credentials.checkKey(key, 'home')).toMatchObject({ account: id })
    await set('banned')
    await expect(set('active')).rejects.toMatchObject({ kind: 'StateChangeRefused' })
    await expect(addKey(world, id, ['join'])).rejects.toMatchObject(invalid)
    await set('suspended')
    await set('active')
    expect(() => world.credentials.checkKey(key, 'home')).toThrow(/not accepted/)
  })

  test('narrower scopes count for keys that exist', async () => {
    const world = await openWorld()
    const { id } = await addAccount(world, { kind: 'enterprise' })
    const { key } = await addKey(world, id, ['work', 'track'])
    await world.central.change('test', (context) => changeAccount(context, id, { scopes: ['track'] }))
    expect(world.credentials.checkKey(key, 'home').scopes).toEqual(['track'])
  })

  test('a command for nobody is refused', async () => {
    const world = await openWorld()
    const { central } = world
    const nobody = 'ent_000000000000000000000000'
    await expect(addKey(world, nobody, ['work'])).rejects.toMatchObject({ kind: 'CentralAccountUnknown' })
    const create = central.change('test', (context) =>
      createAccount(context, { kind: 'child', name: 'x', parent: nobody }),
    )
    await expect(create).rejects.toMatchObject({ kind: 'CentralAccountUnknown' })
  })
})
