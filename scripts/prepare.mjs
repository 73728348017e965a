import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consoleBuild } from './build-console.mjs'
import { stalePrograms } from './bundle-programs.mjs'
import { root, runNode, tools } from './process.mjs'

/** File inside node_modules that holds the hash of the lock file it was installed from. */
const stamp = join(root, 'node_modules', '.banyan-lock-hash')

/** Ends with one clear sentence if this Node is older than the `engines` field of package.json asks for. */
function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '')
  const [major, minor] = wanted.split('.').map(Number)
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return
  console.error(
    `Banyan needs Node ${wanted} or newer; this is ${process.versions.node}. Get one at nodejs.org.`,
  )
  process.exit(1)
}

/** The JavaScript file of npm: named by npm when it runs a script, else beside the running Node. */
export function npmProgram() {
  const candidates = [
    process.env.npm_execpath,
    resolve(process.execPath, '../../lib/node_modules/npm/bin/npm-cli.js'),
    resolve(process.execPath, '../node_modules/npm/bin/npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ]
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  if (found === undefined) {
    console.error('npm was not found. Run `npm ci --ignore-scripts` in this folder, then this command again.')
    process.exit(1)
  }
  return found
}

async function step(title, run) {
  const start = process.hrtime.bigint()
  const { code, text } = await run()
  const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)
  console.error(`${title.padEnd(28)} ${code === 0 ? `${seconds} s` : 'failed'}`)
  if (code !== 0) {
    console.error(text)
    process.exit(1)
  }
}

/** Installs the locked dependencies if they are missing or out of date, and builds what has changed. */
export async function prepare() {
  requireNode()
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash) {
    const npm = npmProgram()
    await step('install (npm ci)', () =>
      runNode([npm, 'ci', '--ignore-scripts', '--loglevel=error'], { output: 'collect' }),
    )
    writeFileSync(stamp, lockHash)
  }
  await step('build (tsc -b)', () => runNode([tools.tsc, '-b'], { output: 'collect' }))
  const programs = await stalePrograms()
  if (programs.isNeeded) await step('build (programs)', programs.build)
  const pages = consoleBuild()
  if (pages.isNeeded) await step('build (console)', pages.build)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepare()
