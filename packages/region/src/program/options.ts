import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fail } from '@banyan/base'
import {
  type Environment,
  type Flags,
  lifeOptions,
  optionTable as makeTable,
  type OptionFile,
  optionRowsOf,
  readOptions as read,
} from '@banyan/program/options'
import { z } from 'zod'

/** Options of `banyan-region`, for its help and the table in docs/compute.md too. */

type Text<Fallback> = Fallback extends string ? z.ZodDefault<z.ZodString> : z.ZodOptional<z.ZodString>

function text<Fallback extends string | undefined>(
  fallback: Fallback,
  description: string,
  meta: { readonly path?: true } = {},
): Text<Fallback> {
  const form = fallback === undefined ? z.string().optional() : z.string().default(fallback)
  return form.meta({ ...meta, description }) as Text<Fallback>
}
const path = <Fallback extends string | undefined>(fallback: Fallback, description: string) =>
  text(fallback, description, { path: true })
const number = (fallback: number, least: number, most: number, description: string) =>
  z.int().min(least).max(most).default(fallback).meta({ description })
const port = (fallback: number, description: string) =>
  number(fallback, 0, 65_535, `${description}; 0 takes a free one`)

/** By the names that the configuration file has; flags are in kebab case, variables BANYAN_REGION_ and upper case. */
export const runOptions = z.strictObject({
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
  keepMonths: number(12, 1, 1_200, 'Months for which records are kept, and rows of charges that are settled'),
  drainMs: number(10_000, 0, 600_000, 'Time for work under way when the region stops, ms'),
  logLevel: lifeOptions.logLevel.meta({
    description: 'Least level of what is logged: debug, info, warn or error',
  }),
  stopWithParent: lifeOptions.stopWithParent.meta({
    description: 'Stop when standard input ends or the parent disconnects',
  }),
})

export type RunOptions = z.output<typeof runOptions>

const optionRows = optionRowsOf(runOptions, 'BANYAN_REGION_')

/** Options from flags, environment variables, the configuration file and defaults. Errors: OptionInvalid, FileUnreadable, FileInvalid. */
export function readOptions(args: readonly string[], environment: Environment): RunOptions {
  const flags = readFlags(args)
  const config = flags['config'] ?? environment['BANYAN_REGION_CONFIG']
  const file = typeof config === 'string' ? readFile(resolve(config)) : undefined
  return read(runOptions, optionRows, flags, environment, file)
}

/** The flags of a command line, by the names of their options. */
function readFlags(args: readonly string[]): Flags {
  const options = Object.fromEntries(
    optionRows.map(({ flag, type }) => [
      flag.slice(2),
      { type: type === 'boolean' ? 'boolean' : 'string' } as const,
    ]),
  )
  try {
    const values: Readonly<Record<string, unknown>> = parseArgs({
      args: [...args],
      options: { ...options, config: { type: 'string' } },
    }).values
    const named = optionRows.map(({ name, flag }) => [name, values[flag.slice(2)]] as const)
    return Object.fromEntries([...named, ['config', values['config']]]) as Flags
  } catch (error) {
    return fail('OptionInvalid', { option: args.join(' '), reason: (error as Error).message })
  }
}

function readFile(path: string): OptionFile {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    return fail('FileUnreadable', { path, reason: (error as Error).message }, error)
  }
  try {
    const values: unknown = JSON.parse(content)
    if (typeof values === 'object' && values !== null && !Array.isArray(values))
      return { path, values: values as Record<string, unknown> }
  } catch {
    // Told below.
  }
  return fail('FileInvalid', { path, reason: 'it is no JSON object' })
}

/** The table of docs/compute.md. */
export function optionTable(): string {
  return makeTable(optionRows, {
    file: ({ name }) => `\`${name}\``,
    flag: ({ flag }) => `\`${flag}\``,
    environment: ({ variable }) => `\`${variable}\``,
    default: ({ fallback }) => fallback,
    meaning: ({ description }) => description,
  })
}
