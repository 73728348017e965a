import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, newPlace, type Place, until } from './banyan.js'
import { processesNaming } from './processes.js'

/** The network in a terminal, whose keys somebody presses. `script` of util-linux makes the terminal. */

const reason =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
    ? undefined
    : 'there is no `script` of util-linux, which makes terminals'
if (reason !== undefined) console.warn(`Not tried in a terminal: ${reason}.`)

const program = fileURLToPath(new URL('../bin/banyan.js', import.meta.url))
let place: Place
let terminal: ChildProcess
let ended: Promise<number | null>
let shown = ''

beforeAll(() => {
  place = newPlace()
})
afterAll(() => {
  terminal?.kill('SIGKILL')
  place.remove()
})

/** Waits until the terminal shows this, after all that was waited for before. */
async function see(what: RegExp): Promise<void> {
  await until(() => what.test(shown) || terminal.exitCode !== null).catch(() => undefined)
  expect(shown).toMatch(what)
  shown = shown.slice(what.exec(shown)!.index + what.exec(shown)![0].length)
}

async function press(key: string, then: RegExp): Promise<void> {
  terminal.stdin!.write(key)
  await see(then)
}

test.skipIf(reason !== undefined)(
  'CLI-1, QLT-1: one command brings up the network without a question; keys act; Ctrl-C leaves nothing',
  async () => {
    await json(place, ['account', 'create', 'me'])
    const words = `up --lite --folder ${join(place.folder, 'state')} --port 0 --no-activity`
    // What `stty` says after it shows whether the terminal was left as it was.
    terminal = spawn('script', ['-qec', `${process.execPath} ${program} ${words}; stty -a`, '/dev/null'], {
      cwd: place.folder,
      env: { ...place.environment, BROWSER: 'none' },
    })
    let everything = ''
    terminal.stdout!.setEncoding('utf8').on('data', (text: string) => {
      shown += text
      everything += text
    })
    ended = new Promise((resolve) => terminal.once('close', resolve))
    await see(/Banyan is ready/)
    await see(/q quit/)
    // Nothing was pressed: whatever it had asked, it would still wait.
    expect(everything).not.toMatch(/\(y\/N\)|\? *$/m)
    await press('o', /http:\/\/localhost:\d+\/\s/)
    await press('e', /http:\/\/localhost:\d+\/explorer\s/)
    await press('l', /Logs of validator-1/)
    await press('l', /Logs of none/)
    await press('f', /100 FIG are on their way to me/)
    await press('r', /1 validator-1/)
    await press('1', /validator-1 +\S*restarts[\s\S]*ready/)
    await press('s', /Kept as "([\d-]+)"/)
    await press('?', /q quit/)
    terminal.stdin!.write('\u0003')
    await see(/Stopped in/)
    await see(/[^-]icanon/)
    expect(await ended).toBe(0)
    expect(processesNaming(place.folder)).toEqual([])
    expect(existsSync(join(place.folder, 'state', 'run.json'))).toBe(false)
    const { snapshots } = await json<{ snapshots: unknown[] }>(place, [
      ...['snapshot', 'list', '--folder', join(place.folder, 'state')],
    ])
    expect(snapshots).toHaveLength(1)
  },
)
