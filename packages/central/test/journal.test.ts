import { changeAccount, createAccount, revokeKey, setAccountState } from '@banyan/central'
import { createSimulatedDisk, lost, randomOutcome } from '@banyan/storage/simulated'
import { testSeed } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { addAccount, addKey, contentsOf, openWorld, setPassword, type World } from './world.js'

const password = 'four words make one'

/** Some of everything. */
async function live(world: World): Promise<{ readonly secrets: readonly string[] }> {
  const { id } = await addAccount(world, {
    kind: 'enterprise',
    contact: 'a@b.c',
    wallet: `0x${'11'.repeat(20)}`,
  })
  const { key, id: keyId } = await addKey(world, id, ['work'])
  const other = await addKey(world, id, ['work'])
  await setPassword(world, id, password)
  await world.central.change('test', (context) =>
    changeAccount(context, id, { wallet: `0x${'22'.repeat(20)}` }),
  )
  await world.central.change('test', (context) => revokeKey(context, keyId))
  const miner = await addAccount(world, { kind: 'miner' })
  await world.central.change('test', (context) => setAccountState(context, miner.id, 'banned', 'lied'))
  return { secrets: [key, other.key, password] }
}

describe('CMP-7: the journal', () => {
  test('gives the same state when it is read again', async () => {
    const world = await openWorld()
    await live(world)
    const before = contentsOf(world.central)
    await world.central.close()
    world.disk.kill()
    const again = await openWorld(world.disk)
    expect(contentsOf(again.central)).toEqual(before)
    expect(again.central.chain()).toBe(world.central.chain())
  })

  test('holds no secret, nor what it could be recovered from without the pepper', async () => {
    const world = await openWorld()
    const { secrets } = await live(world)
    const text = (await world.central.records(1, 1_000)).map((record) => record.text).join('\n')
    for (const secret of secrets) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(secret.split('_').at(-1))
    }
    expect(text).toContain('argon2id')
  })

  test('whatever was answered survives a crash at any operation of the disk, and nothing is half done', async () => {
    const seed = testSeed('central crashes')
    let isDone = false
    for (let point = 1; !isDone; point++) {
      const disk = createSimulatedDisk()
      const world = await openWorld(disk)
      disk.crashAt(point)
      const answered: string[] = []
      const work = async (): Promise<void> => {
        for (let i = 0; i < 6; i++) {
          const { id } = await addAccount(world, { kind: 'enterprise', name: `number ${i}` })
          answered.push(id)
          const made = await addKey(world, id, ['work'])
          answered.push(made.key)
        }
        isDone = true
      }
      await work().catch(() => undefined)
      if (!isDone) expect(world.failures.length).toBeGreaterThan(0)
      disk.powerLoss(point % 2 === 0 ? lost : randomOutcome(seed + point))
      const again = await openWorld(disk)
      for (const each of answered) {
        if (each.startsWith('ent_'))
          expect(again.central.state.accounts.has(each), `point ${point}`).toBe(true)
        else expect(again.credentials.checkKey(each, 'home').scopes).toEqual(['work'])
      }
      // One command may have become durable without an answer.
      expect(again.central.state.sequence()).toBeLessThanOrEqual(answered.length + 1)
      await addAccount(again, { kind: 'enterprise' })
    }
  })

  test('after a failure of the disk nothing is changed any more', async () => {
    const world = await openWorld()
    world.disk.failSync(1)
    await expect(addAccount(world, { kind: 'enterprise' })).rejects.toMatchObject({ kind: 'DiskFailed' })
    await expect(addAccount(world, { kind: 'enterprise' })).rejects.toMatchObject({ kind: 'DiskFailed' })
    expect(world.central.state.accounts.size).toBe(0)
    expect(world.failures).toHaveLength(2)
  })

  test('commands that come at once are carried out one after the other', async () => {
    const world = await openWorld()
    const contact = 'one@example.com'
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => addAccount(world, { kind: 'developer', contact })),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  })

  test('commands that wait are bounded', async () => {
    const world = await openWorld()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1_030 }, () => addAccount(world, { kind: 'developer' })),
    )
    const busy = outcomes.filter((each) => each.status === 'rejected')
    expect(busy).toHaveLength(6)
    expect(busy[0]).toMatchObject({ reason: { kind: 'CentralBusy' } })
  })
})

describe('CMP-7: replicas', () => {
  const copy = async (from: World, to: World): Promise<void> => {
    for (;;) {
      const records = await from.central.records(to.central.state.sequence() + 1, 3)
      if (records.length === 0) return
      await to.central.follow(records)
    }
  }

  test('a follower copies the journal, answers questions and changes nothing', async () => {
    const writer = await openWorld()
    await live(writer)
    const follower = await openWorld(createSimulatedDisk(), false)
    await copy(writer, follower)
    expect(contentsOf(follower.central)).toEqual(contentsOf(writer.central))
    expect(follower.central.chain()).toBe(writer.central.chain())
    const signedIn = await follower.credentials.signIn('a@b.c', password, 'home')
    expect(writer.credentials.checkSession(signedIn.token)).toMatchObject({ credential: 'password' })
    await expect(addAccount(follower, { kind: 'developer' })).rejects.toMatchObject({ kind: 'NotWriter' })
    await expect(writer.central.follow([])).rejects.toMatchObject({ kind: 'NotWriter' })
  })

  test('a follower that is promoted writes, and the writer before it cannot follow with records of its own', async () => {
    const writer = await openWorld()
    await live(writer)
    const follower = await openWorld(createSimulatedDisk(), false)
    await copy(writer, follower)
    await addAccount(writer, { kind: 'developer', name: 'never copied' })
    await expect(follower.central.promote('test')).resolves.toBe(1)
    await addAccount(follower, { kind: 'developer' })
    expect(follower.central.state.term()).toBe(1)
    await writer.central.close()
    writer.disk.kill()
    const returned = await openWorld(writer.disk, false)
    const before = contentsOf(returned.central)
    await expect(copy(follower, returned)).rejects.toMatchObject({ kind: 'JournalDiverged' })
    expect(contentsOf(returned.central)).toEqual(before)
  })

  test('a record that was changed on its way is not taken', async () => {
    const writer = await openWorld()
    await live(writer)
    const follower = await openWorld(createSimulatedDisk(), false)
    const [first, ...rest] = await writer.central.records(1, 5)
    const changed = { ...first!, text: first!.text.replace('somebody', 'nobody') }
    await expect(follower.central.follow([changed, ...rest])).rejects.toMatchObject({
      kind: 'JournalDiverged',
    })
    await expect(follower.central.follow(rest)).rejects.toMatchObject({ kind: 'JournalDiverged' })
    expect(follower.central.state.sequence()).toBe(0)
  })

  test('records are read from anywhere with the same chain', async () => {
    const { central } = await openWorld()
    for (let i = 0; i < 600; i++)
      await central.change('test', (context) => createAccount(context, { kind: 'developer', name: `${i}` }))
    const all = await central.records(1, 1_000)
    expect(all).toHaveLength(600)
    expect(all.at(-1)!.chain).toBe(central.chain())
    for (const from of [2, 256, 257, 513, 600]) {
      expect(await central.records(from, 3)).toEqual(all.slice(from - 1, from + 2))
    }
    expect(await central.records(601, 3)).toEqual([])
  })
})
