import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { folderRegistry, install } from '@banyan/dservice/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { banyan, newPlace, type Place, start } from './banyan.js'

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

const server = `require('node:http').createServer((q, r) => r.end('ok')).listen(+process.env.PORT, '127.0.0.1')`

test('CMP-12: from a template to a certified release in a registry, by commands alone', {
  timeout: 60_000,
}, async () => {
  const created = await banyan(place, ['dservice', 'create', 'counter'])
  expect(created.out).toContain('banyan dservice dev')
  const folder = join(place.folder, 'counter')
  expect(readdirSync(folder)).toContain('dservice.json')

  // A server without a build takes the place of the template's, whose compiler is not installed here.
  const manifest = JSON.parse(readFileSync(join(folder, 'dservice.json'), 'utf8')) as Record<string, unknown>
  const { build: _, ...rest } = manifest
  writeFileSync(join(folder, 'server.cjs'), server)
  writeFileSync(
    join(folder, 'dservice.json'),
    JSON.stringify({ ...rest, files: ['server.cjs'], command: ['node', 'server.cjs'] }),
  )

  const running = start(place, ['dservice', 'dev', 'counter', '--listen', '0', '--jsonl'])
  await expect.poll(() => running.talk(), { timeout: 20_000 }).toMatch(/It serves (http:\S+);/)
  const address = /It serves (http:\S+);/.exec(running.talk())![1]!
  expect(await (await fetch(`${address}/a?b`)).text()).toBe('ok')
  expect(JSON.parse(await running.line)).toMatchObject({ method: 'GET', path: '/a?b', status: 200 })
  running.signal('SIGINT')
  expect((await running.ended).code).toBe(0)

  const packed = await banyan(place, ['dservice', 'package', 'counter', '--json'])
  const { files, content } = JSON.parse(packed.out) as { files: { release: string }; content: string }
  await banyan(place, ['account', 'create', 'mine'])
  await banyan(place, ['account', 'create', 'board'])
  const early = await banyan(place, [
    'dservice',
    'sign',
    files.release,
    '--role',
    'authority',
    '--account',
    'board',
  ])
  expect(early.code).toBe(4)
  expect((await banyan(place, ['dservice', 'publish', files.release])).talk).toMatch(
    /lacks the signature of its developer/,
  )
  expect((await banyan(place, ['dservice', 'sign', files.release, '--account', 'mine'])).out).toMatch(
    /signed by its developer/,
  )
  const certified = await banyan(place, [
    'dservice',
    'sign',
    files.release,
    '--role',
    'authority',
    '--account',
    'board',
    '--json',
  ])
  const { authority } = JSON.parse(certified.out) as { authority: { publicKey: string } }
  expect((await banyan(place, ['dservice', 'publish', files.release])).out).toMatch(/developer and authority/)

  const registry = folderRegistry(join(place.folder, 'registry'))
  const installed = await install(
    native,
    registry,
    join(place.folder, 'store'),
    { name: 'counter', version: '0.1.0' },
    [fromHex(authority.publicKey)!],
  )
  expect(installed.content).toBe(content)
})
