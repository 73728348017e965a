import { dirname, resolve } from 'node:path'
import { fail } from '@banyan/base'
import type { z } from 'zod'
import type { OptionForm, OptionRow } from './rows.js'

/** Option texts by the name of the option; `true` for a switch. */
export type Flags = Readonly<Record<string, string | true | undefined>>
export type Environment = Readonly<Record<string, string | undefined>>

/** What a configuration file says. */
export type OptionFile = { readonly path: string; readonly values: Readonly<Record<string, unknown>> }

type Value = { readonly value: unknown; readonly source: string }

/**
 * Options from flags, then environment variables, then the file, then defaults. Relative paths in the file, and defaults
 * beside one, are relative to it; all others to the working folder. Error: OptionInvalid, with the source of the value.
 */
export function readOptions<Form extends OptionForm>(
  form: Form,
  rows: readonly OptionRow[],
  flags: Flags,
  environment: Environment,
  file?: OptionFile,
): z.output<Form> {
  const unknown = Object.keys(file?.values ?? {}).find((name) => !rows.some((row) => row.name === name))
  if (unknown !== undefined)
    fail('OptionInvalid', { option: unknown, reason: `${file?.path} may not have it` })
  const base = file === undefined ? process.cwd() : dirname(file.path)
  const given = new Map(
    rows.flatMap((row) => {
      const found = pick(row, flags, environment, file)
      return found === undefined ? [] : [[row.name, found] as const]
    }),
  )
  const options = check(form, given)
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const isPath = typeof value === 'string' && rows.some((row) => row.name === name && row.isPath)
      return [name, isPath ? resolve(base, value) : value]
    }),
  ) as z.output<Form>
}

function pick(row: OptionRow, flags: Flags, environment: Environment, file?: OptionFile): Value | undefined {
  const flag = flags[row.name]
  if (flag !== undefined) return { value: readText(row, flag), source: row.flag }
  const variable = environment[row.variable]
  if (variable !== undefined) return { value: readText(row, variable), source: row.variable }
  const value = file?.values[row.name]
  return value === undefined ? undefined : { value, source: file!.path }
}

/** The value that a text stands for; a text that is none stays as it is, and the check refuses it. */
function readText({ type, isPath }: OptionRow, text: string | true): unknown {
  if (text === true) return true
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'array') return text === '' ? [] : text.split(',')
  return isPath ? resolve(text) : text
}

function check<Form extends OptionForm>(form: Form, given: ReadonlyMap<string, Value>): z.output<Form> {
  const parsed = form.safeParse(Object.fromEntries([...given].map(([name, { value }]) => [name, value])))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue!.path[0])
  const source = given.get(name)?.source ?? ''
  return fail('OptionInvalid', { option: name, reason: `${issue!.message} (${source})` })
}
