import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionTable, readOptions, startGateway } from '@banyan/gateway/program'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from './live/certificate.js'

const program = fileURLToPath(new URL('../bin/banyan-gateway.js', import.meta.url))

type Ready = { readonly http: string; readonly mqtt: string; readonly open: boolean }

function makeFolder(files: Record<string, string>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-gateway-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), 0o600)
  }
  return (name) => join(folder, name)
}

/** A gateway as its program starts it, in this process. */
async function start(flags: Record<string, string>): Promise<Ready> {
  const options = readOptions({ port: '0', ...flags }, {})
  const running = await startGateway(options, { error: () => undefined })
  onTestFinished(() => running.stop(false))
  return running.ready as Ready
}

test('GW-5: the program says where it serves, does so, and ends in peace when it is signalled', async () => {
  const child = spawn(process.execPath, [program, 'run', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const exited = once(child, 'exit')
  let text = ''
  for await (const part of child.stdout as AsyncIterable<Buffer>) {
    text += part.toString()
    if (text.includes('"ready"')) break
  }
  const line = text.split('\n').find((each) => each.includes('"ready"'))!
  const ready = JSON.parse(line) as Ready
  expect(ready).toMatchObject({ open: true, mqtt: ready.http.replace('http', 'mqtt') })
  expect((await fetch(`${ready.http}/ready`)).status).toBe(200)
  const put = await fetch(`${ready.http}/v1/topics/a`, { method: 'PUT', body: 'x' })
  expect(((await put.json()) as { position: string }).position).toMatch(/^[0-9a-f]{12}:1$/)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

test('GW-5: the program refuses what it cannot do with a sentence and the code 2', async () => {
  const refused = await new Promise<{ code: unknown; text: string }>((resolve) => {
    execFile(process.execPath, [program, 'run', '--host', '0.0.0.0'], (error, _, text) => {
      resolve({ code: error?.code, text })
    })
  })
  expect(refused.code).toBe(2)
  expect(refused.text).toContain('The gateway does not listen on 0.0.0.0 without keys of clients.')
})

test('GW-3: a file gives topics their classes', async () => {
  const fileOf = makeFolder({
    'topics.json': JSON.stringify({
      topics: [
        { filter: 'log/#', class: 'log', messages: 2 },
        { filter: 'state/#', class: 'state' },
      ],
    }),
  })
  const { http } = await start({ topics: fileOf('topics.json') })
  for (const topic of ['log/a', 'log/a', 'log/a', 'state/a', 'other'])
    await fetch(`${http}/v1/topics/${topic}`, { method: 'POST', body: topic })
  const history = await (await fetch(`${http}/v1/history?topic=%23`)).json()
  const texts = (history as { messages: { text: string }[] }).messages.map(({ text }) => text)
  expect(texts).toEqual(['log/a', 'log/a', 'state/a'])
})

test('GW-8: a file of keys closes the gateway to others', async () => {
  const fileOf = makeFolder({ 'access.json': JSON.stringify({ principals: [] }) })
  const { http, open } = await start({ access: fileOf('access.json') })
  expect(open).toBe(false)
  expect((await fetch(`${http}/v1/topics/a`, { method: 'POST', body: 'x' })).status).toBe(401)
  expect((await fetch(`${http}/health`)).status).toBe(200)
})

test('GW-8: beyond this machine a gateway wants keys of clients, and TLS', async () => {
  const pair = makeCertificate()
  const fileOf = makeFolder({
    'access.json': '{"principals":[]}',
    'cert.pem': pair.certificate,
    'key.pem': pair.privateKey,
  })
  const host = '0.0.0.0'
  const access = fileOf('access.json')
  const exposed = { kind: 'GatewayExposed' }
  await expect(start({ host })).rejects.toMatchObject({
    ...exposed,
    details: { missing: 'without keys of clients' },
  })
  await expect(start({ host, access })).rejects.toMatchObject({
    ...exposed,
    details: { missing: 'without TLS' },
  })
  const tls = { certificate: fileOf('cert.pem'), privateKey: fileOf('key.pem') }
  await expect(start({ host, ...tls })).rejects.toMatchObject(exposed)
  expect((await start({ host, access, ...tls })).http).toMatch(/^https:/)
  chmodSync(fileOf('key.pem'), 0o644)
  await expect(start({ host, access, ...tls })).rejects.toMatchObject({ kind: 'KeyFileExposed' })
})

test('GW-5: options and files that are wrong, and a port that is taken, are said so', async () => {
  const fileOf = makeFolder({
    'text.json': 'no json',
    'form.json': '{"topics":[{"filter":"a","class":"queue"}]}',
    'filter.json': '{"topics":[{"filter":"a//b","class":"state"}]}',
    'access.json': '{"principals":[{"name":"ann","key":"plain"}]}',
  })
  await expect(start({ port: '70000' })).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(start({ connections: '0' })).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(start({ certificate: 'cert.pem' })).rejects.toMatchObject({ kind: 'OptionInvalid' })
  await expect(start({ topics: fileOf('none.json') })).rejects.toMatchObject({ kind: 'FileUnreadable' })
  await expect(start({ topics: fileOf('text.json') })).rejects.toMatchObject({ kind: 'FileInvalid' })
  await expect(start({ topics: fileOf('form.json') })).rejects.toMatchObject({ kind: 'FileInvalid' })
  await expect(start({ topics: fileOf('filter.json') })).rejects.toMatchObject({ kind: 'TopicInvalid' })
  await expect(start({ access: fileOf('access.json') })).rejects.toMatchObject({ kind: 'FileInvalid' })
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => {
    other.close()
  })
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await expect(start({ port: `${port}` })).rejects.toMatchObject({ kind: 'ApiUnreachable' })
})

test('DOC-1: docs/gateway.md has the options of the program', () => {
  const page = readFileSync(new URL('../../../docs/gateway.md', import.meta.url), 'utf8')
  expect(page).toContain(optionTable())
})
