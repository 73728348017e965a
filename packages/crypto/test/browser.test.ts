import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleForBrowser } from '@banyan/testing/browser'
import { expect, test } from 'vitest'

const importPattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g

/** Packages that the portable entry may load: plain JavaScript, every file of it. */
const allowed = /^(@banyan\/base|@noble\/curves|@noble\/hashes)(\/|$)/

/** Removes comments, in which examples may import anything. */
const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

/** Every module that `file` reaches, by specifier for packages and by path for files. */
function reach(file: string, files: Set<string>, specifiers: Set<string>): void {
  if (files.has(file)) return
  files.add(file)
  for (const [, specifier] of withoutComments(readFileSync(file, 'utf8')).matchAll(importPattern)) {
    if (specifier!.startsWith('.')) {
      reach(resolve(dirname(file), specifier!), files, specifiers)
    } else {
      specifiers.add(specifier!)
      if (!isBuiltin(specifier!) && allowed.test(specifier!)) {
        reach(fileURLToPath(import.meta.resolve(specifier!)), files, specifiers)
      }
    }
  }
}

function graphOf(entry: string): {
  readonly files: readonly string[]
  readonly specifiers: readonly string[]
} {
  const files = new Set<string>()
  const specifiers = new Set<string>()
  reach(join(import.meta.dirname, '..', 'dist', entry), files, specifiers)
  return { files: [...files], specifiers: [...specifiers] }
}

test('LED-7: the portable entry reaches no Node module and no native package', () => {
  const { specifiers } = graphOf('index.js')
  expect(specifiers).toContain('@noble/curves/ed25519.js')
  expect(specifiers).toContain('@noble/hashes/sha2.js')
  expect(specifiers.filter((specifier) => isBuiltin(specifier) || !allowed.test(specifier))).toEqual([])
})

test('LED-7: the portable entry uses no global of Node', () => {
  const { files } = graphOf('index.js')
  const own = files.filter((file) => file.includes('/packages/crypto/dist/'))
  expect(own.length).toBeGreaterThan(10)
  const uses = (file: string) =>
    /\b(Buffer|process|global|SharedArrayBuffer)\b/.test(withoutComments(readFileSync(file, 'utf8')))
  expect(own.filter(uses)).toEqual([])
})

test('LED-7: the walk sees the Node modules and globals of the native entry', () => {
  const { files, specifiers } = graphOf('native.js')
  expect(specifiers).toContain('node:crypto')
  expect(files.some((file) => file.endsWith('native/p256.js'))).toBe(true)
})

test('LED-7: bundled for a browser, the portable entry is one script of its own code and two plain libraries', async () => {
  const entry = await bundleForBrowser(new URL('../dist/index.js', import.meta.url))
  const origins = entry.modules.map(
    (path) =>
      /\/(?:node_modules\/(@noble\/\w+)|packages\/(base|crypto)\/dist)\//.exec(path)?.slice(1).join('') ??
      path,
  )
  expect([...new Set(origins)].sort()).toEqual(['@noble/curves', '@noble/hashes', 'base', 'crypto'])
  expect([...entry.scripts.keys()]).toEqual([entry.start])
})
