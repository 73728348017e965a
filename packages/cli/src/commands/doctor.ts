import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import { checkPort, layoutOf, readRun } from '@banyan/local/state'
import { getJson } from '../ask.js'
import { clockSkew, isBeforeBlock } from '../clock-skew.js'
import type { Context } from '../command-spec.js'
import { exitCodes } from '../exit-codes.js'

type Check = {
  readonly name: string
  readonly state: 'good' | 'warning' | 'bad'
  readonly found: string
  /** What to do; empty if nothing. */
  readonly fix: string
}

const megabyte = 2 ** 20
const leastDiskBytes = 1_024 * megabyte
const leastMemoryBytes = 900 * megabyte
const gigabytes = (bytes: number): string => `${(bytes / 1_024 / megabyte).toFixed(1)} GB`
const oldestNode = [20, 19] as const

/** Looks at everything that the local network needs. Fails if something would keep it from running. */
export async function run({ settings, output, signal }: Context): Promise<number> {
  const folder = resolve(settings.folder)
  const running = await readRun(layoutOf(folder))
  const checks: readonly Check[] = [
    checkNode(),
    await checkFolder(folder),
    checkMemory(),
    await checkPortOf(settings.port, running?.port),
    running === undefined
      ? {
          name: 'network',
          state: 'good',
          found: `none runs from ${folder}`,
          fix: 'Start one with `banyan up`.',
        }
      : {
          name: 'network',
          state: 'good',
          found: `runs at ${running.origin}, process ${running.pid}`,
          fix: '',
        },
    await checkClock(running && (await newestBlockTime(running.origin, settings.timeout, signal))),
  ]
  const { paint } = output
  const marks = { good: paint.good('ok  '), warning: paint.wait('look'), bad: paint.bad('bad ') }
  const lines = checks.flatMap(({ name, state, found, fix }) => [
    `${marks[state]}  ${name.padEnd(9)}${found}`,
    ...(fix === '' ? [] : [`${' '.repeat(15)}${paint.bold(fix)}`]),
  ])
  const isWell = checks.every(({ state }) => state !== 'bad')
  output.result({ isWell, checks }, lines)
  return isWell ? exitCodes.done : exitCodes.failed
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  const found = `${process.versions.node}, ${availableParallelism()} processors`
  return isNew
    ? { name: 'node', state: 'good', found, fix: '' }
    : {
        name: 'node',
        state: 'bad',
        found,
        fix: `Install Node ${oldestNode.join('.')} or newer from nodejs.org.`,
      }
}

async function checkFolder(folder: string): Promise<Check> {
  let place = folder
  while (!existsSync(place)) place = dirname(place)
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const found = `${gigabytes(free)} free for ${folder}`
  return free >= leastDiskBytes
    ? { name: 'disk', state: 'good', found, fix: '' }
    : { name: 'disk', state: 'bad', found, fix: 'Free a gigabyte, or use another disk with --folder.' }
}

function checkMemory(): Check {
  const found = `${gigabytes(freemem())} of ${gigabytes(totalmem())} free`
  return freemem() >= leastMemoryBytes
    ? { name: 'memory', state: 'good', found, fix: '' }
    : {
        name: 'memory',
        state: 'warning',
        found,
        fix: 'Close other programs, or start with --lite: four validators need about 600 MB, one 230 MB.',
      }
}

async function checkPortOf(port: number, own: number | undefined): Promise<Check> {
  if (port === 0 || port === own)
    return { name: 'port', state: 'good', found: `${port}, by the network itself`, fix: '' }
  const holder = await checkPort(port)
  return holder === undefined
    ? { name: 'port', state: 'good', found: `${port} is free`, fix: '' }
    : {
        name: 'port',
        state: 'warning',
        found: `${port} belongs to ${holder}`,
        fix: 'The next free port will be taken; or choose one with --port.',
      }
}

/** When the newest block was made, ms since 1970; nothing if the network does not tell. */
async function newestBlockTime(
  origin: string,
  timeout: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const { timestamp } = await getJson<{ timestamp: string }>(`${origin}/v1/status`, timeout, signal)
    return Number(timestamp)
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

async function checkClock(blockTime: number | undefined): Promise<Check> {
  const now = new Date(Date.now()).toISOString()
  const wrong = (why: string): Check => ({
    name: 'clock',
    state: 'bad',
    found: `${now} is before ${why}`,
    fix: 'Set the clock of this machine.',
  })
  const skew = await clockSkew()
  if (skew !== undefined) return wrong(`${new Date(skew).toISOString()}, when this program was installed`)
  if (blockTime !== undefined && isBeforeBlock(blockTime))
    return wrong(`${new Date(blockTime).toISOString()}, when the newest block of the network was made`)
  return { name: 'clock', state: 'good', found: now, fix: '' }
}
