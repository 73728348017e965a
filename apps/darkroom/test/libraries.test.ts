import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** What each library does: anything of this in the sources would be written twice. */
const tasks: Readonly<Record<string, string>> = {
  sharp: 'pictures: reading, writing, geometry, colour, composition',
  '@hyzyla/pdfium': 'pages of documents',
  acorn: 'reading scripts',
  'magic-string': 'rewriting scripts',
  '@jridgewell/trace-mapping': 'places in scripts',
  'quickjs-emscripten-core': 'running scripts',
  '@jitl/quickjs-wasmfile-release-sync': 'running scripts',
  exifr: 'metadata',
  fflate: 'zip',
  'lru-cache': 'caches',
  zod: 'checking requests',
}

test('MED-4: pictures, documents, scripts, metadata and archives are the work of known libraries, pinned and all used', () => {
  const used = new Set<string>()
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(`${source}/${file}`, 'utf8')
    for (const [, name] of text.matchAll(/from '([^.'][^']*)'/g)) {
      const isOurs = name!.startsWith('@banyan/') || name!.startsWith('node:')
      if (!isOurs) used.add(name!)
    }
  }
  expect([...used].sort()).toEqual(Object.keys(tasks).sort())
  const { dependencies } = JSON.parse(readFileSync(`${source}/../package.json`, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const pinned = new Map(Object.entries(dependencies))
  for (const name of used) expect(pinned.get(name), name).toMatch(/^\d+\.\d+\.\d+$/)
})
