import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorRegistry } from '@banyan/base'
import { commands, describeCommands, exitCodes } from '@banyan/cli'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { banyan, json, newPlace, type Place } from './banyan.js'

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

const described = describeCommands(commands)

/** Words that a command can be called with where nothing runs; it must not do harm. */
const wordsFor: Readonly<Record<string, readonly string[]>> = {
  'account create': ['contract'],
  'account show': ['Mira'],
  'account history': ['Mira'],
  transfer: ['1', 'Otto', '--account', 'Mira'],
  'token create': ['CAKE', 'Cake', '--supply', '1', '--account', 'Mira'],
  'token mint': ['CAKE', '1', '--account', 'Mira'],
  'token transfer': ['CAKE', '1', 'Otto', '--account', 'Mira'],
  'token show': ['CAKE'],
  tx: [`0x${'12'.repeat(32)}`],
  completion: ['bash'],
  verify: ['statement.json'],
  'snapshot save': ['one'],
  'snapshot load': ['one', '--yes'],
  logs: ['validator-1', '--jsonl'],
  'dservice create': ['counter'],
  'dservice sign': ['missing.release.json', '--account', 'Mira'],
  'dservice publish': ['missing.release.json'],
  'miner join': [
    'https://localhost:1',
    '--token-file',
    'missing',
    '--registry',
    'registry',
    '--dservices',
    'a-b@1.0.0',
    '--authorities',
    `0x${'00'.repeat(32)}`,
  ],
  open: ['--url', 'http://localhost:1'],
  'work show': ['01a2016b78bfa0ac34beef0000000003'],
  quote: ['darkroom'],
}
/** They start something. */
const elsewhere: readonly string[] = ['up', 'sim', 'bench', 'dservice dev']

describe('CLI-1: a command gives one document with --json, and an exit code of its own table', () => {
  const tried = described.commands.filter(({ command }) => !elsewhere.includes(command))
  test.concurrent.each(tried)('$command', async ({ command, exitCodes: codes, streams }) => {
    const words = [...command.split(' '), ...(wordsFor[command] ?? []), ...(streams ? [] : ['--json'])]
    const { code, out, talk } = await banyan(place, words, { BROWSER: 'none' })
    expect(codes, talk).toContain(code)
    expect(out.trim().split('\n')).toHaveLength(1)
    const document = JSON.parse(out) as { error?: { code: string; name: string; cause: string; fix: string } }
    if (code === 0) return
    const { error } = document
    expect(errorRegistry).toHaveProperty(error!.name)
    expect(error!.cause).not.toBe('')
    expect(talk).toContain(error!.fix.split(' ').slice(0, 3).join(' '))
    expect(talk.trim().split('\n').length).toBeLessThanOrEqual(12)
    expect(talk).not.toMatch(/^\s+at /m)
  })
})

test('CLI-1: every command has examples that begin with it, and settings and words that help explains', async () => {
  for (const { command, examples } of described.commands) {
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(example).toContain(`banyan ${command}`)
  }
  const { code, out } = await banyan(place, ['token', 'mint', '--help'])
  expect(code).toBe(0)
  expect(out).toMatch(/^ {2}banyan token mint CAKE/)
  expect(out).toContain('--account <name>')
  const help = (await banyan(place, [])).out
  expect(help).toContain('Exit codes:')
  for (const { command } of described.commands) {
    const [noun, verb] = command.split(' ')
    if (verb !== undefined) expect(help).toMatch(new RegExp(`^ {2}${noun} +\\w[^:]*: .*\\b${verb}\\b`, 'm'))
  }
  expect((await banyan(place, ['help', 'token', 'mint'])).out).toBe(out)
})

test('CLI-1: a wrong command line ends with 2, says what is wrong, and suggests without doing', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['stauts'], /There is no command "stauts". Did you mean status\?/],
    [['token', 'mnit'], /Did you mean mint\?/],
    [['token'], /a command is missing/],
    [['transfer', '1'], /missing required argument 'to'/],
    [['up', '--prot', '1'], /unknown option '--prot'/],
    [['account', 'create', 'a', '--scheme', 'rsa'], /Allowed choices are ed25519, secp256k1/],
    [['status', '--timeout', 'soon'], /The setting timeout is not valid.*--timeout/s],
    [['completion', 'tcsh'], /bash, zsh, fish/],
  ]
  for (const [words, message] of wrong) {
    const { code, out, talk } = await banyan(place, words)
    expect(talk.replace(/\s+/g, ' '), words.join(' ')).toMatch(message)
    expect(code, words.join(' ')).toBe(exitCodes.usage)
    expect(out).toBe('')
  }
})

test('CLI-1: settings come from flags, then the environment, then the project, then the user, then defaults', async () => {
  const own = newPlace()
  try {
    const explain = async (extra: NodeJS.ProcessEnv, words: readonly string[] = []) => {
      const { out } = await banyan(own, ['config', 'explain', 'port', ...words, '--json'], extra)
      const { settings } = JSON.parse(out) as { settings: { value: number; layer: string }[] }
      return [settings[0]!.value, settings[0]!.layer]
    }
    expect(await explain({})).toEqual([4400, 'default'])
    mkdirSync(join(own.folder, 'config', 'banyan'), { recursive: true })
    writeFileSync(join(own.folder, 'config', 'banyan', 'config.json'), '{"port": 1001}')
    expect(await explain({})).toEqual([1001, 'user'])
    writeFileSync(join(own.folder, 'banyan.config.json'), '{"port": 1002}')
    expect(await explain({})).toEqual([1002, 'project'])
    expect(await explain({ BANYAN_PORT: '1003' })).toEqual([1003, 'environment'])
    expect(await explain({ BANYAN_PORT: '1003' }, ['--port', '1004'])).toEqual([1004, 'flag'])
    writeFileSync(join(own.folder, 'banyan.config.json'), '{"prot": 1002}')
    const { code, talk } = await banyan(own, ['config', 'explain'])
    expect([code, talk]).toEqual([2, expect.stringContaining('There is no setting "prot"')])
    writeFileSync(join(own.folder, 'banyan.config.ts'), 'export default { port: 1005 as number }')
    const both = await banyan(own, ['config', 'explain'])
    expect([both.code, both.talk]).toEqual([2, expect.stringContaining('keep one of them')])
    rmSync(join(own.folder, 'banyan.config.json'))
    if ('typescript' in process.features) expect(await explain({})).toEqual([1005, 'project'])
    else expect((await banyan(own, ['config', 'explain'])).talk).toContain('cannot read TypeScript')
  } finally {
    own.remove()
  }
})

test('CLI-1: secrets are refused on the command line, taken from standard input, and kept from others', async () => {
  const secret = '11'.repeat(32)
  const refused = await banyan(place, ['account', 'create', 'x', `--private-key=${secret}`])
  expect(refused.code).toBe(exitCodes.usage)
  expect(refused.talk).toContain('A secret may not stand in --private-key')
  expect(refused.talk).not.toContain(secret)

  const words = ['account', 'create', 'given', '--scheme', 'secp256k1', '--key-file', '-', '--json']
  const made = await banyan(place, words, {}, `0x${secret}\n`)
  // The address that any Ethereum wallet shows for this key.
  expect(JSON.parse(made.out)).toMatchObject({ address: '0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a' })
  const { file } = JSON.parse(made.out) as { file: string }
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(made.out + made.talk).not.toContain(secret)
  expect((await banyan(place, words, {}, secret)).code).toBe(exitCodes.conflict)

  chmodSync(file, 0o644)
  const exposed = await banyan(place, [
    'transfer',
    '1',
    'given',
    '--account',
    'given',
    '--url',
    'http://localhost:1',
  ])
  expect([exposed.code, exposed.talk]).toEqual([
    exitCodes.refused,
    expect.stringContaining('its mode is 644'),
  ])
  const bad = await banyan(place, ['account', 'create', 'bad', '--key-file', '-'], {}, 'not a key')
  expect(bad.code).toBe(exitCodes.usage)
})

test('CLI-1: colours only where they are wanted', async () => {
  const colored = async (extra: NodeJS.ProcessEnv, words: readonly string[] = []) =>
    (await banyan(place, ['account', 'list', ...words], extra)).out.includes('\u001b[')
  await json(place, ['account', 'create', 'somebody'])
  expect(await colored({})).toBe(false)
  expect(await colored({ FORCE_COLOR: '1' })).toBe(true)
  expect(await colored({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  expect(await colored({ FORCE_COLOR: '1' }, ['--no-color'])).toBe(false)
  expect(await colored({ FORCE_COLOR: '1' }, ['--json'])).toBe(false)
})

test('CLI-1: completion knows every command and option in each shell', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await banyan(place, ['completion', shell])
    for (const { command, options } of described.commands) {
      for (const word of command.split(' ')) expect(out).toContain(word)
      for (const { name } of options) expect(out).toContain(name)
    }
  }
})

/** Node options under which a program takes this machine for another one. */
const pretending = (statement: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(statement)}`,
})

test('QLT-1: an old Node is refused in one sentence that says which one is needed', async () => {
  const old =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.0" } })'
  const { code, out, talk } = await banyan(place, ['up'], pretending(old))
  expect([code, out]).toEqual([exitCodes.failed, ''])
  expect(talk).toBe('Banyan needs Node 20.19 or newer; this is 18.19.0. Get one at nodejs.org.\n')
})

test('QLT-1: doctor tells of a clock that stands before the program was installed, and what to do', async () => {
  const early = 'Date.now = () => 1_000_000_000_000'
  const { code, out } = await banyan(place, ['doctor', '--json'], pretending(early))
  const { checks } = JSON.parse(out) as { checks: { name: string; state: string; fix: string }[] }
  expect(checks.find(({ name }) => name === 'clock')).toMatchObject({
    state: 'bad',
    fix: 'Set the clock of this machine.',
  })
  expect(code).toBe(exitCodes.failed)
})

test('CLI-1: lists come as comma-separated values that spreadsheets read', async () => {
  const own = newPlace()
  try {
    const { address } = await json<{ address: string }>(own, ['account', 'create', 'somebody'])
    const { out } = await banyan(own, ['account', 'list', '--csv'])
    const [heads, row, end] = out.split('\r\n')
    expect(heads).toBe('name,address,key,whose')
    expect(row!.toLowerCase()).toBe(`somebody,${address},ed25519,yours`)
    expect(end).toBe('')
  } finally {
    own.remove()
  }
})
