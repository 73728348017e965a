import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const entry = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'native.js')).href

/** Imports the native entry in a process of its own in which one package cannot be found, and reports what it sees. */
function importWithout(missing: string): string {
  const script = `
    const Module = require('node:module')
    const original = Module._resolveFilename
    Module._resolveFilename = function (request, ...rest) {
      if (request.startsWith(${JSON.stringify(missing)})) throw new Error('not installed')
      return original.call(this, request, ...rest)
    }
    import(${JSON.stringify(entry)}).then(
      (module) => console.log(module.native.name, module.secp256k1Backend),
      (error) => console.log(error.kind, error.details.module),
    )`
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()
}

test('LED-2: without a secp256k1 binary the native back end says that it uses portable code', () => {
  expect(importWithout('no package')).toBe('native native')
  expect(importWithout('secp256k1')).toBe('native portable')
})

test.each(['sodium-native', '@chainsafe/hashtree', '@chainsafe/blst'])(
  'LED-2: without %s the native back end does not load',
  (name) => {
    expect(importWithout(name)).toBe(`NativeUnavailable ${name}`)
  },
)
