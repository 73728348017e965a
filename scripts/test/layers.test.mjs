import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkWorkspace } from '../check-layers.mjs'
import { checkFile, checkManifest } from '../layer-rules.mjs'
import { importsOf } from '../source-text.mjs'

const entry = (name, floor, more = {}) => [
  `@banyan/${name}`,
  {
    name,
    floor,
    deterministic: true,
    nodeFiles: [],
    dependencies: [],
    devDependencies: [],
    exports: ['.'],
    ...more,
  },
]
const packages = new Map([
  entry('base', 0),
  entry('crypto', 1, { exports: ['.', './native', './vectors/*'], nodeFiles: ['src/native'] }),
  entry('storage', 1, { dependencies: ['@banyan/base', '@banyan/crypto'], deterministic: false }),
  entry('ledger', 2, {
    dependencies: ['@banyan/base', '@banyan/crypto', '@banyan/contracts', '@banyan/testing', 'ox'],
  }),
  entry('contracts', 3),
  entry('testing', 'tests'),
  entry('bench', 'tests', { dependencies: ['@banyan/ledger'] }),
])
const workspace = { packages, testDependencies: ['vitest'] }

/** Problems of one file of a package; `src/block.ts` of the ledger unless told. */
function check(text, { file = 'src/block.ts', of = 'ledger' } = {}) {
  return checkFile(packages.get(`@banyan/${of}`), file, text, workspace)
}

describe('the floor rules', () => {
  test('accept imports of lower floors by their entries, and of declared libraries', () => {
    expect(
      check("import { a } from '@banyan/base'\nimport { b } from '@banyan/crypto/native'\nimport 'ox'"),
    ).toEqual([])
    expect(check("import { a } from '@banyan/ledger'", { of: 'bench' })).toEqual([])
  })

  test('accept files that a package offers by a pattern, and no others', () => {
    expect(check("import text from '@banyan/crypto/vectors/keys.txt?raw'")).toEqual([])
    for (const path of ['vectors', 'vectors/', 'secrets/keys.txt'])
      expect(check(`import text from '@banyan/crypto/${path}'`)[0]).toContain('past the exports')
  })

  test('accept types alone of what only development needs', () => {
    const own = { ...packages.get('@banyan/ledger'), devDependencies: ['left-pad'] }
    const of = (text) => checkFile(own, 'src/block.ts', text, workspace)
    expect(of("import type { A } from 'left-pad'")).toEqual([])
    expect(of("import { a } from 'left-pad'")[0]).toContain('without declaring')
  })

  test.each([
    ['a higher floor', "import type { A } from '@banyan/contracts'", {}, 'of floor 3'],
    ['the same floor', "import { a } from '@banyan/crypto'", { of: 'storage' }, 'of floor 1'],
    ['its own package by name', "import { a } from '@banyan/ledger'", {}, 'of floor 2'],
    ['a deep path', "export * from '@banyan/base/dist/bytes.js'", {}, 'past the exports'],
    ['what is not declared', "const a = await import('left-pad')", {}, 'left-pad without declaring'],
    ['the test package', "import { createRandom } from '@banyan/testing'", {}, 'tests and benchmarks only'],
    ['a path out of the package', "import { a } from '../../base/src/index.js'", {}, 'leaves its package'],
    ['Node', "import {\n  readFileSync,\n} from 'node:fs'", {}, 'must run without Node'],
    [
      'a file that needs Node',
      "import { a } from './native.js'",
      { of: 'crypto', file: 'src/index.ts' },
      'needs Node',
    ],
  ])('refuse an import of %s', (_, text, where, problem) => {
    expect(check(text, where)).toEqual([expect.stringContaining(problem)])
  })

  test('allow Node where a package says so, in tests, and on the floor of tests', () => {
    const text = "import { readFileSync } from 'node:fs'"
    expect(check(text, { of: 'crypto', file: 'src/native/sodium.ts' })).toEqual([])
    expect(check(text, { file: 'test/block.test.ts' })).toEqual([])
    expect(check(text, { of: 'bench' })).toEqual([])
  })

  test('let tests use their own entry and the tools of tests, but no source and no higher floor', () => {
    const test = { file: 'test/block.test.ts' }
    const tools =
      "import { test } from 'vitest'\nimport { a } from '@banyan/ledger'\nimport { b } from '@banyan/testing'"
    expect(check(tools, test)).toEqual([])
    expect(check("import { a } from '../src/block.js'", test)).toEqual([
      expect.stringContaining('public entry'),
    ])
    expect(check("import { a } from '@banyan/contracts'", test)).toEqual([
      expect.stringContaining('of floor 3'),
    ])
  })
})

describe('the rules for code', () => {
  test.each([
    ['errors outside the registry', "throw new Error('no')", 'not in the registry'],
    ['random numbers', 'const a = Math.random()', 'Math.random'],
    ['the clock', 'const now = Date.now()', 'reads the clock'],
  ])('refuse %s in code, and not in comments and texts', (_, text, problem) => {
    expect(check(text)).toEqual([expect.stringContaining(problem)])
    expect(check(`// ${text}\n/* ${text} */\nconst text = \`${text}\``)).toEqual([])
    expect(check(text, { file: 'test/block.test.ts' })).toEqual([])
  })

  test('leave the clock to packages that are not deterministic', () => {
    expect(check('const now = Date.now()', { of: 'storage' })).toEqual([])
  })

  test('refuse long files and folders without a subject', () => {
    expect(check('\n'.repeat(800))).toEqual([expect.stringContaining('800 is the limit')])
    expect(check('', { file: 'src/utils/bytes.ts' })).toEqual([expect.stringContaining('"utils"')])
  })
})

test('manifests pin versions and keep the floors', () => {
  const own = packages.get('@banyan/ledger')
  const manifest = {
    dependencies: { ox: '^1.8.3', '@banyan/contracts': '0.1.0' },
    devDependencies: { '@banyan/testing': '0.1.0' },
  }
  expect(checkManifest(own, manifest, workspace)).toEqual([
    expect.stringContaining('pin one version'),
    expect.stringContaining('depends on @banyan/contracts'),
  ])
})

test('imports are found in every form, and not in comments', () => {
  const text = `
    import a, { b } from 'a'
    import type { C } from 'c'
    export { d } from "d"
    import 'e'
    const f = await import('f')
    // import { x } from 'x'
    const importance = from('nothing')`
  expect(importsOf(text).map((found) => found.specifier)).toEqual(['a', 'c', 'd', 'e', 'f'])
  expect(importsOf(text).filter((found) => found.typeOnly)).toHaveLength(1)
})

test('LED-1: the kernel does not know the contracts; every package of this workspace keeps its floor', () => {
  expect(checkWorkspace(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([])
})
