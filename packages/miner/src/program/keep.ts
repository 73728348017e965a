import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '@banyan/base'
import { type Kept, keepProgram } from '../keep/keep.js'
import { registryAt } from './join.js'
import { type MinerConfiguration, minerWords } from './options.js'

const program = fileURLToPath(new URL('../../bin/banyan-miner.js', import.meta.url))

/** Keeps a miner running, at the newest version of the program that the registry of DServices has. Errors: those of `keepProgram`. */
export async function keep(configuration: MinerConfiguration, print: (line: string) => void): Promise<Kept> {
  const folder = join(resolve(configuration.data), 'program')
  await mkdir(folder, { recursive: true }).catch((error: unknown) =>
    fail('DiskFailed', { operation: 'make', path: folder }, error),
  )
  return keepProgram({
    registry: registryAt(configuration.registry),
    authorities: configuration.authorities,
    folder,
    installed: { version: ownVersion(), command: [process.execPath, program] },
    words: minerWords(configuration),
    print,
  })
}

function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}
