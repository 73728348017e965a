import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { initCentral, readOptions } from '@banyan/central/node'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ask, newFolder } from './folders.js'

const program = fileURLToPath(new URL('../bin/banyan-central.js', import.meta.url))

type Running = {
  readonly url: string
  readonly child: ChildProcess
  readonly end: () => Promise<number | null>
}

async function start(...flags: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [program, 'run', '--port', '0', '--stop-with-parent', ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  onTestFinished(() => void child.kill('SIGKILL'))
  for await (const line of createInterface({ input: child.stdout! })) {
    const { msg, api } = JSON.parse(line) as { readonly msg: string; readonly api?: string }
    if (msg === 'ready')
      return {
        url: api!,
        child,
        end: async () => {
          child.kill('SIGTERM')
          return (await exited)[0] as number | null
        },
      }
  }
  throw new Error(`central ended with ${child.exitCode}`)
}

async function newCentral() {
  const folder = await newFolder()
  const { keyFile } = await initCentral(folder)
  return { folder, key: (await readFile(keyFile, 'utf8')).trim() }
}

const until = (check: () => Promise<unknown>) =>
  vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: 60_000, interval: 20 })

test('CMP-7: what was answered is there after the process was killed, and it stops when asked', async () => {
  const { folder, key } = await newCentral()
  const first = await start('--folder', folder)
  const made = await ask(first.url, key, 'POST', '/v1/accounts', { kind: 'enterprise', name: 'kept' })
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = await start('--folder', folder)
  const { id } = made.json as { readonly id: string }
  expect(await ask(second.url, key, 'GET', `/v1/accounts/${id}`)).toMatchObject({ json: { name: 'kept' } })
  expect(await second.end()).toBe(0)
})

test('CMP-7: a follower copies the writer, and takes over when it is promoted', async () => {
  const { folder, key } = await newCentral()
  const writer = await start('--folder', folder)
  const copy = await newFolder()
  await mkdir(join(copy, 'journal'), { recursive: true })
  await copyFile(join(folder, 'secrets.json'), join(copy, 'secrets.json'))
  await writeFile(join(copy, 'replica-key'), key, { mode: 0o600 })
  const follower = await start('--folder', copy, '--follow', writer.url)
  const made = await ask(writer.url, key, 'POST', '/v1/accounts', { kind: 'enterprise', name: 'copied' })
  const path = `/v1/accounts/${(made.json as { readonly id: string }).id}`
  await until(async () => (await ask(follower.url, key, 'GET', path)).status === 200)
  expect((await fetch(new URL('/ready', follower.url))).status).toBe(200)
  const create = () => ask(follower.url, key, 'POST', '/v1/accounts', { kind: 'enterprise', name: 'later' })
  expect(await create()).toMatchObject({ status: 409, json: { error: { name: 'NotWriter' } } })
  expect(await writer.end()).toBe(0)
  await until(async () => (await fetch(new URL('/ready', follower.url))).status === 503)
  expect(await ask(follower.url, key, 'POST', '/v1/promote')).toMatchObject({
    json: { writer: true, term: 1 },
  })
  expect(await create()).toMatchObject({ status: 200 })
  expect((await fetch(new URL('/ready', follower.url))).status).toBe(200)
  expect(await follower.end()).toBe(0)
})

test('CMP-7: a folder is made once, and its secrets are for their owner alone', async () => {
  const { folder } = await newCentral()
  await expect(initCentral(folder)).rejects.toMatchObject({ kind: 'FileExists' })
  const end = async (...flags: readonly string[]) => {
    const child = spawn(process.execPath, [program, 'run', '--port', '0', ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let text = ''
    child.stderr.on('data', (part: Buffer) => {
      text += part
    })
    const [code] = await once(child, 'close')
    return { code: code as number, text }
  }
  expect(await end('--folder', join(folder, 'nothing'))).toMatchObject({
    code: 2,
    text: expect.stringContaining('BYN-2552'),
  })
  const secrets = join(folder, 'secrets.json')
  const text = await readFile(secrets, 'utf8')
  const open = await newFolder()
  await mkdir(open, { recursive: true })
  await writeFile(join(open, 'secrets.json'), text, { mode: 0o644 })
  expect(await end('--folder', open)).toMatchObject({ code: 2, text: expect.stringContaining('BYN-2003') })
  expect(() => readOptions({ port: 'x' }, {})).toThrow(expect.objectContaining({ kind: 'OptionInvalid' }))
  expect(readOptions({}, { BANYAN_CENTRAL_PORT: '7', BANYAN_CENTRAL_NAMES: 'a,b' })).toMatchObject({
    port: 7,
    names: ['a', 'b'],
  })
})
