import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fail } from '@banyan/base'

/** Options of `banyan-region`: from flags, then environment variables, then the configuration file, then defaults. */

type Row =
  | { readonly type: 'text' | 'path'; readonly fallback: string | undefined; readonly description: string }
  | {
      readonly type: 'number'
      readonly fallback: number
      readonly least: number
      readonly most: number
      readonly description: string
    }
  | { readonly type: 'flag'; readonly description: string }

const text = (fallback: string | undefined, description: string) =>
  ({ type: 'text', fallback, description }) as const
const path = (fallback: string | undefined, description: string) =>
  ({ type: 'path', fallback, description }) as const
const number = (fallback: number, least: number, most: number, description: string) =>
  ({ type: 'number', fallback, least, most, description }) as const
const port = (fallback: number, description: string) =>
  number(fallback, 0, 65_535, `${description}; 0 takes a free one`)

/** By the names that the configuration file has; flags are in kebab case, variables BANYAN_REGION_ and upper case. */
export const optionRows = {
  region: text('local', 'Name of the region'),
  folder: path('region-data', 'Folder of the journal'),
  accounts: path('accounts.json', 'File with the accounts of clients and miners'),
  host: text('127.0.0.1', 'Address that takes work and miners'),
  workPort: port(8443, 'Port for work'),
  minersPort: port(8080, 'Port for miners'),
  statusHost: text('127.0.0.1', 'Address of /status, /health, /ready and /metrics'),
  statusPort: port(5551, 'Port of these'),
  centralKeys: text(
    '',
    'Public keys of central, 0x and 64 digits each, separated by commas; without them, accounts are in the file',
  ),
  centralHost: text('127.0.0.1', 'Address that central dials'),
  centralPort: port(7771, 'Port that central dials'),
  credentials: path(
    undefined,
    'File with the account and the key of the region at central, readable by its owner alone',
  ),
  settlement: path(
    undefined,
    'File that says how work is charged and settled; without it, nothing is charged',
  ),
  tlsCert: path(undefined, 'Certificate in PEM; without it, no TLS'),
  tlsKey: path(undefined, 'Key of the certificate in PEM'),
  domain: text(undefined, 'Name below which services have names of their own'),
  location: text(undefined, 'Place of the region, as latitude,longitude'),
  peers: text('', 'Status addresses and work addresses of other regions: name=status|work,...'),
  ackMs: number(250, 10, 60_000, 'Time in which a miner acknowledges, ms'),
  maxQueue: number(20_000, 1, 1_000_000, 'Most requests that wait in a tier'),
  drainMs: number(10_000, 0, 600_000, 'Time for work under way when the region stops, ms'),
  logLevel: text('info', 'Least level of what is logged: debug, info, warn or error'),
  stopWithParent: { type: 'flag', description: 'Stop when standard input ends or the parent disconnects' },
} as const satisfies Readonly<Record<string, Row>>

type Rows = typeof optionRows
export type OptionName = keyof Rows
type ValueOf<R> = R extends { type: 'number' }
  ? number
  : R extends { type: 'flag' }
    ? boolean
    : R extends { fallback: undefined }
      ? string | undefined
      : string
export type RunOptions = { readonly [Name in OptionName]: ValueOf<Rows[Name]> }

const names = Object.keys(optionRows) as OptionName[]
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
export const flagOf = (name: OptionName): string => `--${kebab(name)}`
export const variableOf = (name: OptionName): string =>
  `BANYAN_REGION_${kebab(name).replaceAll('-', '_').toUpperCase()}`

/** Errors: OptionInvalid, FileUnreadable, FileInvalid. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): RunOptions {
  const flags = readFlags(args)
  const config = flags['config'] ?? environment['BANYAN_REGION_CONFIG']
  const file = typeof config === 'string' ? readFile(resolve(config)) : {}
  const base = typeof config === 'string' ? dirname(resolve(config)) : process.cwd()
  const unknown = Object.keys(file).find((name) => !names.includes(name as OptionName))
  if (unknown !== undefined)
    fail('OptionInvalid', { option: unknown, reason: `${String(config)} may not have it` })
  const pick = (name: OptionName): unknown => {
    const given = flags[kebab(name)] ?? environment[variableOf(name)]
    if (given === undefined) return readValue(name, file[name], base)
    return readValue(name, given, process.cwd())
  }
  return Object.fromEntries(names.map((name) => [name, pick(name)])) as RunOptions
}

function readFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    names.map((name) => [
      kebab(name),
      { type: optionRows[name].type === 'flag' ? 'boolean' : 'string' } as const,
    ]),
  )
  try {
    return parseArgs({ args: [...args], options: { ...options, config: { type: 'string' } }, strict: true })
      .values
  } catch (error) {
    return fail('OptionInvalid', { option: args.join(' '), reason: (error as Error).message })
  }
}

function readFile(file: string): Readonly<Record<string, unknown>> {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    return fail('FileUnreadable', { path: file, reason: (error as Error).message }, error)
  }
  try {
    const value: unknown = JSON.parse(content)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // Told below.
  }
  return fail('FileInvalid', { path: file, reason: 'it is no JSON object' })
}

/** Texts of flags and variables stand for values of every type; values of the file are of their own. */
function readValue(name: OptionName, given: unknown, base: string): unknown {
  const row: Row = optionRows[name]
  const bad = (reason: string): never => fail('OptionInvalid', { option: name, reason })
  if (row.type === 'flag') {
    if (given === undefined || given === 'false' || given === false) return false
    return given === true || given === 'true' ? true : bad('it is neither true nor false')
  }
  const value = given ?? row.fallback
  if (row.type === 'number') {
    const read = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
    const isGood = Number.isInteger(read) && (read as number) >= row.least && (read as number) <= row.most
    return isGood ? read : bad(`it is not a whole number from ${row.least} to ${row.most}`)
  }
  if (value === undefined) return undefined
  if (typeof value !== 'string') return bad('it is no text')
  return row.type === 'path' ? resolve(base, value) : value
}

/** The table of docs/compute.md. */
export function optionTable(): string {
  const rows = names.map((name) => {
    const row: Row = optionRows[name]
    const fallback = row.type === 'flag' ? 'false' : (row.fallback ?? '')
    return `| \`${name}\` | \`${flagOf(name)}\` | \`${variableOf(name)}\` | ${fallback} | ${row.description} |`
  })
  return ['| file | flag | environment | default | meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}
