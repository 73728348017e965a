import { dirname, resolve } from 'node:path'
import { fail } from '@banyan/base'
import { z } from 'zod'
import { readJson } from './files.js'
import { type OptionRow, optionRows } from './option-list.js'
import { type RunOptions, runOptions } from './options.js'

/** Option texts of the command line, by name; `config` names the configuration file. */
export type Flags = Readonly<Record<string, string | true | undefined>>

type Value = { readonly value: unknown; readonly source: string }

/**
 * Options from flags, then environment variables, then the configuration file, then defaults. Relative paths in the file
 * are relative to it. Errors: OptionInvalid, FileUnreadable, FileInvalid.
 */
export async function readConfiguration(
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunOptions> {
  const config = flags['config'] ?? environment['BANYAN_CONFIG']
  const path = typeof config === 'string' ? resolve(config) : undefined
  const file = path === undefined ? {} : await readJson(path, z.record(z.string(), z.unknown()))
  const unknown = Object.keys(file).find((name) => !optionRows.some((row) => row.name === name))
  if (unknown !== undefined) fail('OptionInvalid', { option: unknown, reason: `${path} may not have it` })
  const base = path === undefined ? process.cwd() : dirname(path)
  return check(
    new Map(optionRows.map((row) => [row.name, pick(row, flags, environment, { values: file, path })])),
    base,
  )
}

function pick(
  row: OptionRow,
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>>,
  file: { readonly values: Readonly<Record<string, unknown>>; readonly path: string | undefined },
): Value | undefined {
  const flag = flags[row.name]
  if (flag !== undefined) return { value: readText(row, flag), source: row.flag }
  const variable = environment[row.variable]
  if (variable !== undefined) return { value: readText(row, variable), source: row.variable }
  const value = file.values[row.name]
  return value === undefined ? undefined : { value, source: file.path ?? '' }
}

/** The value that a text stands for; a text that is none stays as it is, and the check refuses it. */
function readText({ type, isPath }: OptionRow, text: string | true): unknown {
  if (text === true) return true
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'array') return text === '' ? [] : text.split(',')
  return isPath ? resolve(text) : text
}

function check(values: ReadonlyMap<string, Value | undefined>, base: string): RunOptions {
  const given = [...values].filter(([, found]) => found !== undefined)
  const parsed = runOptions.safeParse(Object.fromEntries(given.map(([name, found]) => [name, found!.value])))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue!.path[0])
    const source = values.get(name)?.source ?? ''
    return fail('OptionInvalid', { option: name, reason: `${issue!.message} (${source})` })
  }
  const { data } = parsed
  return {
    ...data,
    genesis: resolve(base, data.genesis),
    keys: resolve(base, data.keys),
    folder: resolve(base, data.folder),
  }
}
