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

/** From this time on a step that is not done says what takes so long. */
const slowMs = 3_000
const everyMs = 500

/** Runs a step and tells how long it took; one that is slow tells how far it is before: on a terminal again and again, elsewhere once. */
async function step(title, slowReason, run) {
  const start = process.hrtime.bigint()
  const seconds = () => (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)
  const { isTTY, columns = 80 } = process.stderr
  let told = false
  const timer = setInterval(() => {
    const line = `${title.padEnd(28)} ${seconds()} s, ${slowReason}`
    if (Number(seconds()) * 1_000 < slowMs || (told && !isTTY)) return
    process.stderr.write(isTTY ? `\r\u001b[2K${line.slice(0, columns - 1)}` : `${line}\n`)
    told = true
  }, everyMs)
  const { code, text } = await run()
  clearInterval(timer)
  if (told && isTTY) process.stderr.write('\r\u001b[2K')
  console.error(`${title.padEnd(28)} ${code === 0 ? `${seconds()} s` : 'failed'}`)
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
    await step('install (npm ci)', 'the packages of the lock file are fetched, once', () =>
      runNode([npm, 'ci', '--ignore-scripts', '--loglevel=error'], { output: 'collect' }),
    )
    writeFileSync(stamp, lockHash)
  }
  await step('build (tsc -b)', 'everything that has changed is compiled', () =>
    runNode([tools.tsc, '-b'], { output: 'collect' }),
  )
  const programs = await stalePrograms()
  if (programs.isNeeded) await step('build (programs)', 'programs are made into few files', programs.build)
  const pages = consoleBuild()
  if (pages.isNeeded) await step('build (console)', 'pages are made', pages.build)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepare()
