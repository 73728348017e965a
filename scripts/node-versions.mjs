// Runs one history on several versions of Node and compares the roots: `npm run determinism`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmProgram, prepare } from './prepare.mjs'
import { root, runNode } from './process.mjs'

/** Besides the Node that runs this. They are fetched into a temporary folder and never become a dependency. */
const versions = ['22.23.3', '24.9.0']
const program = join(root, 'scripts/determinism-history.mjs')

/** Path of a Node binary of this version, or why there is none. */
async function fetchNode(folder, version) {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const args = ['install', '--no-save', '--ignore-scripts', '--loglevel=error', '--prefix', folder]
  const { code, text } = await runNode([npmProgram(), ...args, `${name}@${version}`], { output: 'collect' })
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (code === 0 && existsSync(binary)) return { binary }
  return { reason: text.trim().split('\n')[0] || `npm has no ${name}@${version}` }
}

async function rootsOf(binary) {
  const { code, text } = await runNode([program], { output: 'collect', binary })
  if (code !== 0) throw new Error(text)
  return JSON.parse(text)
}

/** Roots per version and provider, and the versions that were skipped with the reason. */
export async function compareVersions() {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-node-'))
  try {
    const ran = [await rootsOf(process.execPath)]
    const skipped = []
    for (const version of versions) {
      const { binary, reason } = await fetchNode(join(folder, version), version)
      if (binary === undefined) skipped.push({ version, reason })
      else ran.push(await rootsOf(binary))
    }
    return { ran, skipped }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Every root that was computed, each once: one if all agree. */
export function distinctRoots(ran) {
  const all = ran.flatMap(({ results }) => Object.values(results))
  return [...new Set(all.filter((result) => /^[0-9a-f]+$/.test(result)))]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
  const { ran, skipped } = await compareVersions()
  for (const { node, results } of ran) {
    for (const [how, result] of Object.entries(results)) console.log(`Node ${node}, ${how}: ${result}`)
  }
  for (const { version, reason } of skipped) console.log(`skipped: Node ${version}: ${reason}`)
  process.exitCode = distinctRoots(ran).length === 1 ? 0 : 1
}
