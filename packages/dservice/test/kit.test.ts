import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { native } from '@banyan/crypto/native'
import { type Release, readManifest, signRelease } from '@banyan/dservice'
import {
  createDService,
  folderRegistry,
  install,
  type LoggedRequest,
  packageFolder,
  packagePath,
  releasePath,
  runDev,
  webRegistry,
} from '@banyan/dservice/node'
import { testTier } from '@banyan/testing'
import { afterAll, describe, expect, test, vi } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'banyan-kit-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fresh = (): string => mkdtempSync(join(folder, 'x-'))
const quiet = (): void => undefined

const developer = new Uint8Array(32).fill(1)
const authority = new Uint8Array(32).fill(2)
const authorities = [native.ed25519.publicKey(authority)]
const sign = (release: Release): Release =>
  signRelease(native, signRelease(native, release, 'developer', developer), 'authority', authority)

const server = (answer: string): string =>
  `require('node:http').createServer((q, r) => r.end(q.url === '/health' ? 'ok' : ${JSON.stringify(answer)})).listen(+process.env.PORT, '127.0.0.1')`

function sample(version = '1.0.0', answer = 'one'): string {
  const at = fresh()
  const manifest = {
    format: 1,
    name: 'sample',
    version,
    description: 'Answers one word.',
    files: ['server.cjs', 'data'],
    command: ['node', 'server.cjs'],
  }
  writeFileSync(join(at, 'dservice.json'), JSON.stringify(manifest))
  writeFileSync(join(at, 'server.cjs'), server(answer))
  mkdirSync(join(at, 'data/deep'), { recursive: true })
  writeFileSync(join(at, 'data/deep/table.txt'), 'a table')
  writeFileSync(join(at, 'secret.txt'), 'not listed')
  return at
}

describe('CMP-12: packaging and registries', () => {
  test('CMP-12: a package holds what the manifest lists, and installs from folder and web alike', async () => {
    const at = sample()
    const made = await packageFolder(native, at, quiet)
    const registry = folderRegistry(join(fresh(), 'registry'))
    await registry.publish({ ...made, release: sign(made.release) })
    expect(await registry.list()).toEqual([{ name: 'sample', version: '1.0.0' }])

    const web = createServer((request, response) => {
      const path = join(registry.place, request.url!)
      if (existsSync(path)) response.end(readFileSync(path))
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    const remote = webRegistry(`http://127.0.0.1:${(web.address() as AddressInfo).port}/`)
    expect(await remote.list()).toEqual(await registry.list())
    for (const source of [registry, remote]) {
      const store = join(fresh(), 'store')
      const named = { name: 'sample', version: '1.0.0' }
      const { folder: unpacked, content } = await install(native, source, store, named, authorities)
      expect(content).toBe(made.release.content)
      expect(readdirSync(unpacked).sort()).toEqual(['data', 'dservice.json', 'server.cjs'])
      expect(readFileSync(join(unpacked, 'data/deep/table.txt'), 'utf8')).toBe('a table')
      expect((await install(native, source, store, named, authorities)).folder).toBe(unpacked)
      // What lies there already needs its signatures all the same.
      const distrusted = install(native, source, store, named, [new Uint8Array(32).fill(9)])
      await expect(distrusted).rejects.toMatchObject({ kind: 'AuthorityUnknown' })
      const shared = join(fresh(), 'store')
      await Promise.all([1, 2, 3].map(() => install(native, source, shared, named, authorities)))
      for (const place of [store, shared]) expect(readdirSync(place)).toHaveLength(1)
      const missing = install(native, source, store, { name: 'sample', version: '9.0.0' }, authorities)
      await expect(missing).rejects.toMatchObject({ kind: 'ReleaseUnknown' })
    }
    web.close()
    web.closeAllConnections()
  })

  test('CMP-12: a version names one package forever, and gains signatures', async () => {
    const registry = folderRegistry(join(fresh(), 'registry'))
    const first = await packageFolder(native, sample(), quiet)
    await registry.publish(first)
    await registry.publish({ ...first, release: sign(first.release) })
    const other = await packageFolder(native, sample('1.0.0', 'two'), quiet)
    await expect(registry.publish(other)).rejects.toMatchObject({ kind: 'ReleaseTaken' })
    expect(await registry.release('sample', '1.0.0')).toEqual(sign(first.release))
  })

  test('CMP-5: what a registry changes is not installed', async () => {
    const registry = folderRegistry(join(fresh(), 'registry'))
    const made = await packageFolder(native, sample(), quiet)
    const evil = await packageFolder(native, sample('1.0.0', 'evil'), quiet)
    const named = { name: 'sample', version: '1.0.0' }
    const store = join(fresh(), 'store')
    const tried = () => install(native, registry, store, named, authorities)
    await registry.publish(made)
    await expect(tried()).rejects.toMatchObject({ kind: 'SignatureMissing' })
    await registry.publish({ ...made, release: sign(made.release) })
    writeFileSync(join(registry.place, packagePath(made.release)), evil.compressed)
    await expect(tried()).rejects.toThrow(/hash differs|decompress/)
    writeFileSync(join(registry.place, releasePath('sample', '1.0.0')), '{}')
    await expect(tried()).rejects.toMatchObject({ kind: 'ReleaseMalformed' })
    expect(existsSync(store)).toBe(false)
  })

  test('CMP-17: links inside the folder are followed, links out of it refused', async () => {
    const at = sample()
    symlinkSync('table.txt', join(at, 'data/deep/again.txt'))
    symlinkSync('..', join(at, 'data/deep/circle'))
    const made = await packageFolder(native, at, quiet)
    expect(made.release.bytes).toBe((await packageFolder(native, at, quiet)).release.bytes)
    symlinkSync('/etc/passwd', join(at, 'data/words'))
    await expect(packageFolder(native, at, quiet)).rejects.toMatchObject({ kind: 'PackageLinkRefused' })
  })

  test('CMP-12: a failing build and a missing file are told', async () => {
    const at = sample()
    const manifest = JSON.parse(readFileSync(join(at, 'dservice.json'), 'utf8'))
    writeFileSync(
      join(at, 'dservice.json'),
      JSON.stringify({ ...manifest, build: ['sh', '-c', 'echo why; exit 3'] }),
    )
    const lines: string[] = []
    await expect(packageFolder(native, at, (line) => lines.push(line))).rejects.toThrow(/ended with code 3/)
    expect(lines).toEqual(['why'])
    writeFileSync(join(at, 'dservice.json'), JSON.stringify({ ...manifest, files: ['gone'] }))
    await expect(packageFolder(native, at, quiet)).rejects.toThrow(/gone is not there/)
  })
})

async function dev(at: string) {
  const stop = new AbortController()
  const requests: LoggedRequest[] = []
  const lines: string[] = []
  const address = await runDev({
    folder: at,
    port: 0,
    onRequest: (request) => requests.push(request),
    print: (line) => lines.push(line),
    signal: stop.signal,
  })
  return { address, requests, lines, stop: () => stop.abort() }
}

describe('CMP-12: the kit', () => {
  test('CMP-12: dev serves, logs requests, and starts anew after a change', { timeout: 20_000 }, async () => {
    const at = sample()
    const { address, requests, stop } = await dev(at)
    try {
      const ask = async (): Promise<string> =>
        (await fetch(`${address}/x?y=1`, { method: 'POST', body: 'abc' })).text()
      expect(await ask()).toBe('one')
      await vi.waitFor(() => expect(requests).toHaveLength(1))
      expect(requests[0]).toMatchObject({
        method: 'POST',
        path: '/x?y=1',
        status: 200,
        bytesIn: 3,
        bytesOut: 3,
      })
      writeFileSync(join(at, 'server.cjs'), server('two'))
      await vi.waitFor(async () => expect(await ask()).toBe('two'), { timeout: 10_000, interval: 100 })
    } finally {
      stop()
    }
  })

  test('CMP-12: a template goes into an empty folder alone', async () => {
    const at = join(fresh(), 'counter')
    expect(await createDService(at, 'counter', 'typescript')).toContain('banyan dservice dev')
    expect(readManifest(JSON.parse(readFileSync(join(at, 'dservice.json'), 'utf8'))).name).toBe('counter')
    await expect(createDService(at, 'counter', 'go')).rejects.toMatchObject({ kind: 'FileExists' })
  })

  // Three runs of npm and the compiler: too much for every change.
  test.skipIf(testTier() === 'push')(
    'CMP-12: the TypeScript template builds, answers and is packaged',
    { timeout: 60_000 },
    async () => {
      const at = join(fresh(), 'counter')
      await createDService(at, 'counter', 'typescript')
      // Instead of `npm install`, which would need a network: the compiler and the types of this workspace.
      symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(at, 'node_modules'))
      const { address, stop } = await dev(at)
      const answer = await fetch(address, { method: 'POST', body: 'one two three' })
      stop()
      expect(await answer.json()).toEqual({ characters: 13, words: 3 })
      const first = await packageFolder(native, at, quiet)
      const second = await packageFolder(native, at, quiet)
      expect(first.release).toEqual(second.release)
    },
  )

  const hasGo = (() => {
    try {
      execFileSync('go', ['version'])
      return true
    } catch {
      return false
    }
  })()
  test.skipIf(!hasGo)(
    `CMP-12: the Go template builds and answers${hasGo ? '' : ' (skipped: go is not installed)'}`,
    { timeout: 120_000 },
    async () => {
      const at = join(fresh(), 'counter')
      await createDService(at, 'counter', 'go')
      const { address, stop } = await dev(at)
      const answer = await fetch(address, { method: 'POST', body: 'one two three' })
      stop()
      expect(await answer.json()).toEqual({ characters: 13, words: 3 })
    },
  )

  test('CMP-12: a name that no DService can have is refused', async () => {
    await expect(createDService(join(folder, 'q'), 'Q', 'typescript')).rejects.toMatchObject({
      kind: 'ManifestInvalid',
    })
  })
})
