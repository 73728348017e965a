import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex, utf8 } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import {
  makeRelease,
  openPackage,
  type PackageFile,
  packFiles,
  parseManifest,
  type Release,
  readManifest,
  readRelease,
  signRelease,
  unpackFiles,
  verifyRelease,
} from '@banyan/dservice'
import { compress, decompress } from '@banyan/dservice/node'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'

const manifest = {
  format: 1,
  name: 'words',
  version: '1.0.0',
  description: 'Counts words.',
  files: ['server.js'],
  command: ['node', 'server.js'],
}
const file = (path: string, text: string, isExecutable = false): PackageFile => ({
  path,
  data: utf8(text),
  isExecutable,
})
const archive = packFiles([
  file('server.js', 'serve()', true),
  file('dservice.json', JSON.stringify(manifest)),
  file(`deep/${'folder/'.repeat(20)}end.txt`, 'far away'),
])
const developer = new Uint8Array(32).fill(1)
const authority = new Uint8Array(32).fill(2)
const stranger = new Uint8Array(32).fill(3)
const authorities = [native.ed25519.publicKey(authority)]
const release = makeRelease(native, manifest, archive)
const signed = signRelease(
  native,
  signRelease(native, release, 'developer', developer),
  'authority',
  authority,
)

const folder = mkdtempSync(join(tmpdir(), 'banyan-package-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('CMP-12: the form of packages', () => {
  test('CMP-12: the same files give the same bytes in any order, and tar reads them', () => {
    expect(packFiles([...unpackFiles(archive)].reverse())).toEqual(archive)
    const path = join(folder, 'package.tar')
    writeFileSync(path, archive)
    const listed = execFileSync('tar', ['-tvf', path], { encoding: 'utf8' })
    expect(listed.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^-rw-r--r-- 0\/0 .*deep\/.*end\.txt$/),
      expect.stringMatching(/dservice\.json$/),
    ])
    expect(listed).toMatch(/-rwxr-xr-x.*server\.js/)
    expect(release.content).toBe(golden)
  })

  test('CMP-12: files come back as they were', () => {
    const segment = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
    const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
    const files = fc.uniqueArray(
      fc.record({
        path: path.map((text) => `${text}.x`),
        data: fc.uint8Array({ maxLength: 1_500 }),
        isExecutable: fc.boolean(),
      }),
      { selector: (found) => found.path.split('/')[0], maxLength: 8 },
    )
    fc.assert(
      fc.property(files, (given) => {
        const sorted = [...given].sort((a, b) => (a.path < b.path ? -1 : 1))
        expect(
          unpackFiles(packFiles(given)).map((found) => ({ ...found, data: Uint8Array.from(found.data) })),
        ).toEqual(sorted)
      }),
      { numRuns: 50 },
    )
  })

  test('CMP-17: one changed byte anywhere is refused or changes the files, never both kept', () => {
    const small = packFiles([file('a', 'x'), file('b/c', 'yz')])
    const inData = new Set([512, 1536, 1537])
    // Every byte of headers, every seventh of padding.
    for (let at = 0; at < small.length; at += at > 600 && at < 1_000 ? 7 : 1) {
      const changed = small.slice()
      changed[at]! ^= 0x01
      if (inData.has(at)) expect(unpackFiles(changed)).toHaveLength(2)
      else expect(() => unpackFiles(changed), `byte ${at}`).toThrow(/malformed|may not hold/)
    }
  })

  test.each([
    '/etc/passwd',
    '../outside',
    'a/../../outside',
    'a//b',
    './a',
    'a\\b',
    'c:evil',
    'line\nbreak',
    'é',
    '',
    'a'.repeat(201),
    'b'.repeat(120),
  ])('CMP-17: the path %j is refused', (path) => {
    expect(() => packFiles([file(path, '')])).toThrow(expect.objectContaining({ kind: 'PackagePathRefused' }))
  })

  test('CMP-17: two paths that some systems take for one are refused', () => {
    expect(() => packFiles([file('README', ''), file('readme', '')])).toThrow(/case alone/)
    expect(() => packFiles([file('a', ''), file('a/b', '')])).toThrow(/a file and a folder/)
    expect(() => packFiles([file('a', ''), file('a', '')])).toThrow(/not in its place/)
  })

  test.each(['link', 'folder', 'hard link'])('CMP-17: an archive of tar with a %s is refused', (kind) => {
    const at = mkdtempSync(join(folder, 'tar-'))
    const make = {
      link: 'ln -s /etc/passwd x',
      folder: 'mkdir x',
      'hard link': 'echo a > w; ln w x',
    }[kind]!
    execFileSync('sh', ['-c', `${make}; tar --format=ustar -cf t.tar *`], { cwd: at })
    const bytes = execFileSync('cat', [join(at, 't.tar')])
    expect(() => unpackFiles(bytes)).toThrow(expect.objectContaining({ kind: 'PackageMalformed' }))
  })

  test('CMP-17: a compressed archive cannot grow past what its release says', async () => {
    const bomb = await compress(new Uint8Array(8_000_000))
    expect(bomb.length).toBeLessThan(10_000)
    await expect(decompress(bomb, 1_000_000)).rejects.toThrow(/decompress to 1000000/)
    await expect(decompress(bomb, 2 ** 31)).rejects.toThrow(/too large/)
    expect(await decompress(await compress(archive), archive.length)).toEqual(Buffer.from(archive))
  })

  test('CMP-17: a package of too many files is refused', () => {
    const many = Array.from({ length: 20_001 }, (_, i) => file(`f${i}`, ''))
    expect(() => packFiles(many)).toThrow(expect.objectContaining({ kind: 'PackageTooLarge' }))
  })
})

/** Hash of the archive above: a change of it would make every published package another one. */
const golden = '0x774083dc10d19094e78d3215503e72e92d42dcd6a80262537e2a7cb4d47fd70c'

describe('CMP-5: signatures of packages', () => {
  test('CMP-5: a package opens only with the signatures of its developer and a trusted authority', () => {
    expect(openPackage(native, signed, archive, authorities).manifest).toMatchObject({
      name: 'words',
      memoryMiB: 256,
    })
    const byDeveloper = signRelease(native, release, 'developer', developer)
    const cases: readonly (readonly [Release, string])[] = [
      [release, 'SignatureMissing'],
      [byDeveloper, 'SignatureMissing'],
      [signRelease(native, byDeveloper, 'authority', stranger), 'AuthorityUnknown'],
      [{ ...signed, version: '1.0.1' }, 'SignatureWrong'],
      [{ ...signed, name: 'worlds' }, 'SignatureWrong'],
      [{ ...signed, content: `0x${'00'.repeat(32)}` }, 'SignatureWrong'],
      // An authority certifies the developer too: another one cannot put a name on what was certified.
      [
        { ...signRelease(native, release, 'developer', stranger), authority: signed.authority! },
        'SignatureWrong',
      ],
      // What the developer signed does not stand for the authority.
      [{ ...signed, authority: signed.developer! }, 'SignatureWrong'],
    ]
    for (const [given, kind] of cases)
      expect(() => openPackage(native, given, archive, authorities)).toThrow(
        expect.objectContaining({ kind }),
      )
  })

  test('CMP-5: bytes that were not signed are refused before they are read', () => {
    const changed = archive.slice()
    changed[changed.length - 1]! ^= 1
    expect(() => openPackage(native, signed, changed, authorities)).toThrow(/its hash differs/)
  })

  test('CMP-5: a release must be of the package that its manifest names', () => {
    const other = makeRelease(native, { name: 'words', version: '2.0.0' }, archive)
    const both = signRelease(
      native,
      signRelease(native, other, 'developer', developer),
      'authority',
      authority,
    )
    expect(() => openPackage(native, both, archive, authorities)).toThrow(/its manifest says words@1.0.0/)
  })

  test('CMP-5: an authority signs only what a developer has signed, and a new signature of that voids its own', () => {
    expect(() => signRelease(native, release, 'authority', authority)).toThrow(
      /lacks the signature of its developer/,
    )
    expect(signRelease(native, signed, 'developer', developer).authority).toBeUndefined()
    expect(() => verifyRelease(native, signed, [])).toThrow(/nobody whom this machine trusts/)
  })

  test('CMP-12: a release comes back from JSON, and another form is refused', () => {
    expect(readRelease(JSON.parse(JSON.stringify(signed)))).toEqual(signed)
    expect(fromHex(signed.developer!.signature)).toHaveLength(64)
    for (const wrong of [
      null,
      {},
      { ...signed, content: '0x12' },
      { ...signed, extra: 1 },
      { ...signed, bytes: -1 },
    ])
      expect(() => readRelease(wrong)).toThrow(expect.objectContaining({ kind: 'ReleaseMalformed' }))
  })
})

describe('CMP-12: manifests', () => {
  test('CMP-12: what a manifest leaves out has a default', () => {
    expect(readManifest(manifest)).toMatchObject({
      platform: 'any',
      health: '/health',
      concurrency: 1,
      timers: { firstByteMs: 30_000, idleMs: 30_000, totalMs: 600_000 },
      egress: [],
      comparator: 'bytes',
    })
  })

  test.each([
    [{ name: 'A' }, /name/],
    [{ version: '1' }, /version/],
    [{ command: [] }, /command/],
    [{ files: ['/etc'] }, /files/],
    [{ files: ['../..'] }, /files/],
    [{ memoryMiB: 1e9 }, /memoryMiB/],
    [{ concurrency: 0 }, /concurrency/],
    [{ timers: { idleMs: 1 } }, /timers.idleMs/],
    [{ egress: ['*:80'] }, /egress/],
    [{ egress: ['127.0.0.1:80'] }, /egress/],
    [{ comparator: 'verifier' }, /verifier/],
    [{ estimator: '/bin/sh' }, /estimator/],
    [{ price: 3 }, /price/],
  ])('CMP-12: %j is refused and named', (change, message) => {
    expect(() => readManifest({ ...manifest, ...change })).toThrow(message)
  })

  test('CMP-12: a text that is no JSON is refused', () => {
    expect(() => parseManifest('{')).toThrow(expect.objectContaining({ kind: 'ManifestInvalid' }))
  })
})
