import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readWorkspace } from '../check-layers.mjs'
import { root } from '../process.mjs'

const rows = [
  ...readFileSync(join(root, 'docs/dependencies.md'), 'utf8').matchAll(
    /^\| `([^`]+)` \| ([\d.]+(?:-[\w.]+)?) \|/gm,
  ),
].map((match) => `${match[1]} ${match[2]}`)

const manifests = [
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  ...[...readWorkspace(root).packages.values()].map(({ manifest }) => manifest),
]
const used = manifests
  .flatMap(({ dependencies, devDependencies }) => Object.entries({ ...dependencies, ...devDependencies }))
  .filter(([name]) => !name.startsWith('@banyan/'))
  .map(([name, version]) => `${name} ${version}`)

test('QLT-10: docs/dependencies.md lists every dependency with its version, and no other', () => {
  expect([...rows].sort()).toEqual([...new Set(used)].sort())
})

test('QLT-9, QLT-10: install scripts are off, and what is locked comes from the registry', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
  for (const [path, { resolved, link }] of Object.entries(lock.packages)) {
    if (resolved !== undefined && !link) expect(resolved, path).toMatch(/^https:\/\/registry\.npmjs\.org\//)
  }
})
