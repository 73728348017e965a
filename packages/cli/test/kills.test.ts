import { join } from 'node:path'
import type { Hex } from '@banyan/base'
import type { LocalStatus } from '@banyan/local'
import { createClient, ed25519Account, getBalance, send } from '@banyan/sdk'
import { createRandom, testSeed, testTier, tierCount } from '@banyan/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, newPlace, type Place, start, until } from './banyan.js'
import { processesNaming } from './processes.js'

const reason = process.platform === 'linux' ? undefined : 'processes are counted by proc(5)'
if (reason !== undefined) console.warn(`Kills are not tried: ${reason}.`)

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

const up = (folder: string, words: readonly string[] = []) =>
  start(place, ['up', '--json', '--port', '0', '--no-activity', '--folder', folder, ...words])

test.skipIf(reason !== undefined)(
  'CLI-1: a supervisor that is killed at any moment leaves no process, and the next start works',
  async () => {
    const folder = join(place.folder, 'supervised')
    const random = createRandom(testSeed('kills of the supervisor'))
    const small = testTier() === 'push' ? ['--lite'] : []
    for (let i = 0; i < tierCount({ push: 2, full: 100, fuzz: 100 }); i++) {
      const command = up(folder, small)
      // Every other one in the middle of its start.
      if (i % 2 === 0) await command.line
      else await new Promise((resolve) => setTimeout(resolve, random.below(2_000)))
      command.signal('SIGKILL')
      await command.ended
      await until(() => processesNaming(folder).length === 0)
    }
    const last = up(folder, small)
    await last.line
    last.signal('SIGINT')
    expect((await last.ended).code).toBe(0)
    expect(processesNaming(folder)).toEqual([])
  },
)

test.skipIf(reason !== undefined)(
  'QLT-5: while payments go on, validators are killed one after the other, and nothing final is lost',
  async () => {
    const folder = join(place.folder, 'loaded')
    const random = createRandom(testSeed('kills of validators'))
    const command = up(folder)
    const { origin } = JSON.parse(await command.line) as { origin: string }
    const client = createClient({ url: origin })
    const { people } = (await (await fetch(`${origin}/local/people`)).json()) as {
      people: { name: string; secret: Hex }[]
    }
    const account = ed25519Account(people.find(({ name }) => name === 'Ines')!.secret)
    const to: Hex = `0x${'78'.repeat(20)}`
    const amount = 10n ** 15n
    let isOver = false
    let paid = 0n
    const paying = (async () => {
      while (!isOver) {
        await send(client, { to, amount, account }).final
        paid += amount
      }
    })()
    const statusNow = () => json<LocalStatus>(place, ['status', '--folder', folder])
    for (let kill = 1; kill <= tierCount({ push: 2, full: 50, fuzz: 50 }); kill++) {
      const before = paid
      const victim = (await statusNow()).parts[random.below(4)]!
      process.kill(victim.pid!, 'SIGKILL')
      await until(async () => {
        const { parts } = await statusNow()
        return parts.every(({ state }) => state === 'ready') && sumOf(parts) === kill && paid > before
      })
    }
    isOver = true
    await paying
    expect(await getBalance(client, { address: to })).toBe(paid)
    command.signal('SIGINT')
    expect((await command.ended).code).toBe(0)
    expect(processesNaming(folder)).toEqual([])
  },
)

function sumOf(parts: LocalStatus['parts']): number {
  return parts.reduce((sum, { restarts }) => sum + restarts, 0)
}
