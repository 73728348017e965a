import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { root } from './process.mjs'

const copied = [
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'vitest.config.ts',
  'packages',
  'apps',
  'bench',
  'docs',
]

/**
 * A copy of the built workspace in a temporary folder, whose packages see each other there. Installed libraries are
 * links to the original ones. Time stamps are kept, so that the next build compiles what has changed only.
 */
export function copyWorkspace() {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'banyan-mutants-')))
  for (const name of copied) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => basename(path) !== 'node_modules',
    })
  }
  allowLeftovers(join(copy, 'tsconfig.base.json'))
  const modules = join(root, 'node_modules')
  mkdirSync(join(copy, 'node_modules/@banyan'), { recursive: true })
  for (const name of readdirSync(modules)) {
    if (name !== '@banyan' && !name.startsWith('.'))
      symlinkSync(join(modules, name), join(copy, 'node_modules', name))
  }
  for (const name of readdirSync(join(modules, '@banyan'))) {
    const target = relative(root, realpathSync(join(modules, '@banyan', name)))
    symlinkSync(join(copy, target), join(copy, 'node_modules/@banyan', name))
    // Libraries of which the rest of the workspace has another version.
    const own = join(root, target, 'node_modules')
    if (existsSync(own)) symlinkSync(own, join(copy, target, 'node_modules'))
  }
  return copy
}

/** A defect that leaves a name unused or a line unreachable is still a program: the copy's compiler accepts it. */
function allowLeftovers(path) {
  const config = JSON.parse(readFileSync(path, 'utf8'))
  Object.assign(config.compilerOptions, {
    noUnusedLocals: false,
    noUnusedParameters: false,
    allowUnreachableCode: true,
  })
  writeFileSync(path, JSON.stringify(config))
}

export function removeCopy(copy) {
  rmSync(copy, { recursive: true, force: true })
}
