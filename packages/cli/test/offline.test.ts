import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPlace, type Place } from './banyan.js'

/** A machine without any network but its own loopback, as the kernel makes one for this test alone. */

const program = fileURLToPath(new URL('../bin/banyan.js', import.meta.url))
const alone = (script: string): readonly string[] => ['-rn', 'sh', '-euc', `ip link set lo up; ${script}`]
const reason =
  spawnSync('unshare', alone('true')).status === 0
    ? undefined
    : 'this system gives no network namespace to its users'
if (reason !== undefined) console.warn(`Not tried without a network: ${reason}.`)

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

test.skipIf(reason !== undefined)(
  'QLT-1: without a network the local one starts, pays and stops, and asks for nothing',
  async () => {
    const banyan = `${process.execPath} ${program}`
    const script = [
      `${banyan} up --lite --port 0 --json </dev/null >ready.json & up=$!`,
      'until [ -s ready.json ] || ! kill -0 $up; do sleep 0.1; done',
      `${banyan} transfer 1 Otto --account Mira --json`,
      `${banyan} down --json`,
      'wait $up',
    ].join('\n')
    const child = spawn('unshare', alone(script), { cwd: place.folder, env: place.environment })
    let out = ''
    let talk = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      talk += text
    })
    child.stdin.end()
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(code, talk).toBe(0)
    const [paid, down] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(paid).toMatchObject({ state: 'final' })
    expect(down).toMatchObject({ stopped: true })
    expect(talk).not.toMatch(/ENETUNREACH|ENOTFOUND|EAI_AGAIN|error/i)
  },
)
