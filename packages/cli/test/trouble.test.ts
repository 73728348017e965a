import { exec } from 'node:child_process'
import { promisify } from 'node:util'
import { exitCodes } from '@banyan/cli'
import type { LocalStatus } from '@banyan/local'
import { testTier } from '@banyan/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { banyan, type Command, json, newPlace, type Place, start, until } from './banyan.js'

/** A network whose validators get into trouble, one after the other. It waits long for processes that hang. */
const fullTest = test.skipIf(testTier() !== 'full')

let place: Place
let up: Command
beforeAll(async () => {
  place = newPlace()
  up = start(place, ['up', '--json', '--port', '0', '--no-activity'])
  await up.line
})
afterAll(async () => {
  up.signal('SIGINT')
  await up.ended
  place.remove()
})

const statusNow = (): Promise<LocalStatus> => json<LocalStatus>(place, ['status'])

fullTest('CLI-1: validators that hang are named with what helps, which works as it is printed', async () => {
  const victims = (await statusNow()).parts.slice(0, 2)
  for (const { pid } of victims) process.kill(pid!, 'SIGSTOP')
  await until(() => (up.talk().match(/ hangs +it, process \d+, has not answered for/g) ?? []).length === 2)
  const { code, out } = await banyan(place, ['status'])
  expect(code).toBe(exitCodes.done)
  expect(out).toContain('3 of 5 parts are ready')

  // Two of four are no quorum.
  const late = await banyan(place, ['transfer', '1', 'Otto', '--account', 'Mira', '--timeout', '3'])
  expect(late.code).toBe(exitCodes.timeout)
  expect(late.talk).toMatch(/^Agreement on the transaction 0x[0-9a-f]{64} did not happen within 3 s\./)
  const id = /0x[0-9a-f]{64}/.exec(late.talk)![0]

  for (const { name, pid } of victims) {
    expect(out).toMatch(new RegExp(`^${name}, process ${pid}, has not answered for \\d+ s\\.$`, 'm'))
    await promisify(exec)(new RegExp(`\`(kill -CONT ${pid})\``).exec(out)![1]!)
  }
  await until(async () => (await statusNow()).parts.every(({ state }) => state === 'ready'))
  await until(() => (up.talk().match(/ answers +again/g) ?? []).length === 2)
  await until(async () => (await json<{ state: string }>(place, ['tx', id])).state === 'final')
})

fullTest('CLI-1: a validator that ends, and why, stands in the state until it is back', async () => {
  const [victim] = (await statusNow()).parts
  process.kill(victim!.pid!, 'SIGKILL')
  await until(async () => {
    const { out } = await banyan(place, ['status'])
    return out.includes(`${victim!.name} was ended by SIGKILL.`) && out.includes('started again by itself')
  })
  await until(async () => (await statusNow()).parts.every(({ problem }) => problem === null))
})

fullTest('QLT-1: doctor tells of a clock that stands before the newest block', async () => {
  const wrong = '{ const now = Date.now; Date.now = () => now() - 3_600_000 }'
  const pretending = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(wrong)}` }
  for (const [extra, state] of [
    [pretending, 'bad'],
    [{}, 'good'],
  ] as const) {
    const { out } = await banyan(place, ['doctor', '--json'], extra)
    const { checks } = JSON.parse(out) as { checks: { name: string; state: string; found: string }[] }
    expect(checks.find(({ name }) => name === 'clock')).toMatchObject({
      state,
      found: expect.stringMatching(state === 'bad' ? /when the newest block of the network was made$/ : /Z$/),
    })
  }
})
