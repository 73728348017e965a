import { chmodSync, existsSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { Hex } from '@banyan/base'
import { exitCodes } from '@banyan/cli'
import type { LocalStatus } from '@banyan/local'
import { createClient, ed25519Account, getBalance, send } from '@banyan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { banyan, type Command, isAlive, json, newPlace, type Place, start, until } from './banyan.js'

/** One folder and its network through its whole life. The tests follow each other. */

type Ready = {
  readonly origin: string
  readonly rpc: string
  readonly ws: string
  readonly chainId: number
  readonly accounts: readonly { readonly name: string; readonly address: Hex }[]
  readonly parts: readonly { readonly name: string; readonly state: string; readonly pid: number }[]
}

let place: Place
let blocker: Server
let up: Command
let ready: Ready
let finalBalance: bigint

beforeAll(async () => {
  place = newPlace()
  blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  up.signal('SIGKILL')
  blocker.close()
  await until(() => ready.parts.every(({ pid }) => !isAlive(pid)))
  place.remove()
})

async function bringUp(words: readonly string[]): Promise<void> {
  up = start(place, ['up', '--json', ...words])
  ready = JSON.parse(await up.line) as Ready
}

const statusNow = (): Promise<LocalStatus> => json<LocalStatus>(place, ['status'])
const state = (path: string): string => join(place.folder, '.banyan', path)

test('QLT-1: one command starts the network, on the next port where the first is taken, and says whose it is', async () => {
  const { port } = blocker.address() as AddressInfo
  await bringUp(['--port', String(port)])
  expect(up.talk()).toContain(`port ${port} belongs to`)
  expect(up.talk()).toContain(`(pid ${process.pid})`)
  expect(ready.origin).toMatch(/^http:\/\/localhost:\d+$/)
  expect(new URL(ready.origin).port).not.toBe(String(port))
  expect(ready.parts.map(({ name }) => name)).toEqual([
    'validator-1',
    'validator-2',
    'validator-3',
    'validator-4',
    'origin',
  ])
  for (const { name } of ready.parts.slice(0, 4))
    expect(up.talk()).toMatch(new RegExp(`${name} +ready +\\d+\\.\\d s`))
  const page = await fetch(ready.origin)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)])
  const { chainId } = (await (await fetch(`${ready.origin}/v1/status`)).json()) as { chainId: string }
  expect(Number(chainId)).toBe(ready.chainId)
})

test('QLT-1: a second start in the same folder says where the first one is', async () => {
  const { code, talk } = await banyan(place, ['up'])
  expect(code).toBe(exitCodes.conflict)
  expect(talk).toContain(`process ${up.pid}, ${ready.origin}`)
})

test('CLI-1: its people are there, and somebody new gets money, issues a token and pays', async () => {
  const { accounts } = await json<{ accounts: { name: string }[] }>(place, ['account', 'list'])
  expect(accounts.map(({ name }) => name)).toEqual(expect.arrayContaining(['Mira', 'Otto', 'Hana']))
  const me = await json<{ address: Hex }>(place, ['account', 'create', 'me'])
  const paid = await json<{ id: Hex; state: string }>(place, ['transfer', '12.5', 'me', '--account', 'Mira'])
  expect(paid.state).toBe('final')
  const shown = await json<{ balances: { symbol: string; shown: string }[] }>(place, [
    'account',
    'show',
    'me',
  ])
  expect(shown.balances.map((balance) => balance.shown)).toEqual(['12.5 FIG'])
  const mine = ['--account', 'me']
  await json(place, ['token', 'create', 'CAKE', 'Slice of cake', '--supply', '10', '--cap', '20', ...mine])
  await json(place, ['token', 'mint', 'CAKE', '5', ...mine])
  await json(place, ['token', 'transfer', 'CAKE', '2.25', 'Otto', ...mine])
  expect(await json(place, ['token', 'show', 'CAKE'])).toMatchObject({ supply: '1500', issuer: me.address })
  expect(await json(place, ['tx', paid.id])).toMatchObject({ state: 'final', to: me.address })
  const history = await banyan(place, ['account', 'history', 'me', '--csv'])
  const rows = history.out.trim().split('\r\n')
  expect(rows[0]).toBe('time,block,transaction,from,to,amount,asset,state,fee')
  expect(rows.at(-1)).toMatch(new RegExp(`,${paid.id},0x[0-9a-f]{40},${me.address},12.5,FIG,final,0\\.\\d+$`))
  expect(rows.find((row) => row.includes(',2.25,CAKE,final,'))).toContain(`,${me.address},`)
  const shownHistory = await banyan(place, ['account', 'history', 'me'])
  expect(shownHistory.out).toMatch(/ this account +12\.5 +FIG +final/)
  expect(await json(place, ['block'])).toHaveProperty('height')
  expect((await json<{ validators: unknown[] }>(place, ['validator'])).validators).toHaveLength(4)
})

test('CLI-1: what cannot be done ends with its own code and one clear sentence', async () => {
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [
      ['transfer', '1000', 'Otto', '--account', 'me'],
      exitCodes.limit,
      /^The account has .* FIG; this takes 1000\.\d+ FIG\./,
    ],
    [['transfer', '1,5', 'Otto', '--account', 'me'], exitCodes.usage, /1,5/],
    [['transfer', '0', 'Otto', '--account', 'me'], exitCodes.usage, /more than nothing/],
    [
      ['transfer', '1', '0x52908400098527886E0F7030069857D2E4169Ee7', '--account', 'me'],
      exitCodes.usage,
      /checksum/,
    ],
    [['transfer', '1', 'Nobody', '--account', 'me'], exitCodes.notFound, /"Nobody" is no account or address/],
    [['transfer', '1', 'Otto'], exitCodes.refused, /Nobody is named who signs/],
    [
      ['transfer', '1', 'Otto', '--account', 'Nobody'],
      exitCodes.notFound,
      /"Nobody" is no account that can sign/,
    ],
    [['token', 'show', 'NONE'], exitCodes.notFound, /There is no token "NONE"/],
    [
      ['token', 'mint', 'CAKE', '100', '--account', 'me'],
      exitCodes.failed,
      /^The token refuses: there would be \d+ base units of it, and its cap is \d+\./,
    ],
    [['tx', `0x${'12'.repeat(32)}`], exitCodes.notFound, /./],
    [['block', '999999999'], exitCodes.notFound, /./],
    [['logs', 'validator-9'], exitCodes.notFound, /There is no part named "validator-9"/],
  ]
  for (const [words, expected, sentence] of cases) {
    const { code, out, talk } = await banyan(place, words)
    expect(talk, words.join(' ')).toMatch(sentence)
    expect(code, `${words.join(' ')}: ${talk}`).toBe(expected)
    expect(out).toBe('')
    expect(talk.trim().split('\n').length).toBeLessThanOrEqual(12)
  }
})

test('QLT-1: a validator that is killed comes back, and nothing that was acknowledged is lost', async () => {
  const client = createClient({ url: ready.origin })
  const { people } = (await (await fetch(`${ready.origin}/local/people`)).json()) as {
    people: { name: string; secret: Hex }[]
  }
  const account = ed25519Account(people.find(({ name }) => name === 'Ines')!.secret)
  const to: Hex = `0x${'77'.repeat(20)}`
  const amount = 10n ** 15n
  const victim = ready.parts[0]!
  const sendings = []
  for (let i = 0; i < 24; i++) {
    if (i === 8) process.kill(victim.pid, 'SIGKILL')
    const sending = send(client, { to, amount, account })
    await sending.submitted
    sendings.push(sending)
  }
  await Promise.all(sendings.map(({ final }) => final))
  finalBalance = await getBalance(client, { address: to })
  expect(finalBalance).toBe(24n * amount)
  await until(async () => {
    const { parts } = await statusNow()
    const { state: now, restarts, pid } = parts[0]!
    return now === 'ready' && restarts === 1 && pid !== victim.pid
  })
  expect(up.talk().match(/validator-1 +restarts +it was ended by SIGKILL/g)).toHaveLength(1)
  ready = {
    ...ready,
    parts: (await statusNow()).parts.map(({ name, state: now, pid }) => ({ name, state: now, pid: pid! })),
  }
})

test('CLI-1: Ctrl-C ends it all', async () => {
  up.signal('SIGINT')
  expect((await up.ended).code).toBe(exitCodes.done)
  expect(ready.parts.filter(({ pid }) => isAlive(pid))).toEqual([])
  expect(existsSync(state('run.json'))).toBe(false)
  expect((await banyan(place, ['status'])).code).toBe(exitCodes.unreachable)
  expect(readFileSync(state('.gitignore'), 'utf8')).toBe('*\n')
})

test('CLI-2: a snapshot is kept while the network is down', async () => {
  const { chainId } = await json<{ chainId: number }>(place, ['snapshot', 'save', 'first'])
  expect(chainId).toBe(ready.chainId)
  expect((await banyan(place, ['snapshot', 'save', 'first'])).code).toBe(exitCodes.conflict)
  expect((await banyan(place, ['snapshot', 'save', '../first'])).code).toBe(exitCodes.usage)
})

test('QLT-1: the next start goes on; a supervisor that is killed takes its processes with it', async () => {
  const { chainId } = ready
  await bringUp(['--port', '0', '--no-activity'])
  expect(ready.chainId).toBe(chainId)
  expect(await getBalance(createClient({ url: ready.origin }), { address: `0x${'77'.repeat(20)}` })).toBe(
    finalBalance,
  )
  expect((await banyan(place, ['reset', '--yes'])).code).toBe(exitCodes.conflict)
  up.signal('SIGKILL')
  await up.ended
  await until(() => ready.parts.every(({ pid }) => !isAlive(pid)))
  expect(existsSync(state('run.json'))).toBe(true)
  expect((await banyan(place, ['down'])).code).toBe(exitCodes.unreachable)
})

test('QLT-1: what keeps a part from starting is told in its words; a snapshot mends damaged state', async () => {
  chmodSync(state('network/node-1/keys.json'), 0o644)
  const failed = await banyan(place, ['up', '--port', '0'])
  expect(failed.code).toBe(exitCodes.failed)
  expect(failed.talk).toContain('What validator-2 printed last:')
  expect(failed.talk).toMatch(/keys.json can be read or written by other users: its mode is 644/)
  expect(failed.talk).toContain('validator-2 ended with code 2 before it was ready.')
  expect(existsSync(state('run.json'))).toBe(false)

  rmSync(state('network/node-2/keys.json'))
  const { code, talk } = await banyan(place, ['up', '--port', '0'])
  expect([code, talk]).toEqual([exitCodes.failed, expect.stringContaining('node-2/keys.json is missing')])
  truncateSync(state('network/genesis.json'), 10)
  expect((await banyan(place, ['up'])).talk).toContain('genesis.json is missing or not a genesis file')

  expect((await banyan(place, ['snapshot', 'load', 'first'])).code).toBe(exitCodes.cancelled)
  const loaded = await json<{ chainId: number }>(place, ['snapshot', 'load', 'first', '--yes'])
  expect(loaded.chainId).toBe(ready.chainId)
  expect(existsSync(state('network/node-2/keys.json'))).toBe(true)
})

test('QLT-1: reset asks, and makes another chain; down stops it', async () => {
  const before = ready.chainId
  const { code, talk } = await banyan(place, ['reset'])
  expect([code, talk]).toEqual([exitCodes.cancelled, expect.stringContaining('Say it by --yes')])
  expect((await json<{ chainId: number }>(place, ['reset', '--yes'])).chainId).toBe(before)
  expect(existsSync(state('network'))).toBe(false)
  await bringUp(['--port', '0', '--no-activity'])
  expect(ready.chainId).not.toBe(before)
  expect(await json(place, ['down'])).toMatchObject({ stopped: true, pid: up.pid })
  expect((await up.ended).code).toBe(exitCodes.done)
  expect(ready.parts.filter(({ pid }) => isAlive(pid))).toEqual([])
})
