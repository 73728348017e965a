import { resolve } from 'node:path'
import { fail } from '@banyan/base'
import { z } from 'zod'
import { projectFile, userFile } from './settings-files.js'

/** All settings: one schema gives their type, their check, their flags and their documentation. */
export const settingsForm = z.strictObject({
  folder: z
    .string()
    .min(1)
    .default('.banyan')
    .meta({ description: 'Folder of the local network', value: 'path' }),
  port: z.int().min(0).max(65_535).default(4400).meta({
    description: 'Port of the origin; the next free one if it is taken; 0 for any',
    value: 'number',
  }),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: 'Address of a network; without it, the one that runs from the folder',
      value: 'url',
    }),
  account: z.string().min(1).optional().meta({
    description: 'Who signs: an account of yours or, on a local network, one of its people',
    value: 'name',
  }),
  activity: z.boolean().default(true).meta({
    description: 'Let the people of a local network pay each other now and then',
    off: 'Leave the people of a local network at rest',
  }),
  compute: z.boolean().default(true).meta({
    description: 'Run central, a region and two miners beside the chain',
    off: 'Leave out central, the region and the miners',
  }),
  lite: z.boolean().default(false).meta({
    description:
      'Make new networks with one validator instead of four, and run nothing that computes, for small machines',
  }),
  timeout: z
    .int()
    .min(1)
    .max(3_600)
    .default(30)
    .meta({ description: 'How long to wait for the network, in seconds', value: 'seconds' }),
})

export type Settings = z.output<typeof settingsForm>
export type SettingName = keyof Settings

/** Where a value comes from, in the order in which they win. */
export type Layer = 'flag' | 'environment' | 'project' | 'user' | 'default'

export type SettingOrigin = { readonly layer: Layer; readonly source: string }

export type FoundSettings = {
  readonly values: Settings
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>
}

export type SettingSources = {
  /** Texts by setting name. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where a file of the project is looked for. */
  readonly project: string
}

export const settingNames = Object.keys(settingsForm.shape) as readonly SettingName[]

export function variableOf(name: SettingName): string {
  return `BANYAN_${name.toUpperCase()}`
}

type Value = SettingOrigin & { readonly value: unknown }

/**
 * Settings from flags, then BANYAN_* variables, then the project's file, then the user's configuration, then defaults. A
 * folder in a file is relative to that file. Errors: SettingUnknown, SettingInvalid, FileInvalid.
 */
export async function readSettings({ flags, environment, project }: SettingSources): Promise<FoundSettings> {
  const files = [
    { layer: 'project', ...(await projectFile(project)) },
    { layer: 'user', ...(await userFile(environment)) },
  ] as const
  for (const { values } of files) {
    for (const name of Object.keys(values)) {
      if (!(settingNames as readonly string[]).includes(name)) fail('SettingUnknown', { name })
    }
  }
  const found = new Map<SettingName, Value>()
  for (const name of settingNames) {
    const value = pick(name, flags, environment, files)
    if (value !== undefined) found.set(name, value)
  }
  return check(found)
}

function pick(
  name: SettingName,
  flags: SettingSources['flags'],
  environment: SettingSources['environment'],
  files: readonly (SettingOrigin & { readonly values: Readonly<Record<string, unknown>> })[],
): Value | undefined {
  const flag = flags[name]
  // A switch that can only be turned off is on where it was not given.
  if (flag !== undefined && !(flag === true && settingDefault(name) === true))
    return {
      layer: 'flag',
      source: flag === false ? `--no-${name}` : `--${name}`,
      value: readText(name, flag),
    }
  const variable = environment[variableOf(name)]
  if (variable !== undefined && variable !== '') {
    return { layer: 'environment', source: variableOf(name), value: readText(name, variable) }
  }
  for (const { layer, source, values } of files) {
    const value = values[name]
    if (value === undefined) continue
    const isPath = name === 'folder' && typeof value === 'string'
    return { layer, source, value: isPath ? resolve(source, '..', value) : value }
  }
  return undefined
}

/** What a setting is without anybody's word. */
export function settingDefault(name: SettingName): unknown {
  return settingsForm.shape[name].safeParse(undefined).data
}

/** The value that a text stands for; a text that is none stays as it is, and the check refuses it. */
function readText(name: SettingName, text: string | boolean): unknown {
  if (typeof text === 'boolean') return text
  const fallback = settingDefault(name)
  if (typeof fallback === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : text
  if (typeof fallback === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  return text
}

function check(found: ReadonlyMap<SettingName, Value>): FoundSettings {
  const parsed = settingsForm.safeParse(
    Object.fromEntries([...found].map(([name, { value }]) => [name, value])),
  )
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue!.path[0]) as SettingName
    return fail('SettingInvalid', {
      name,
      reason: issue!.message,
      source: found.get(name)?.source ?? 'default',
    })
  }
  const origins = settingNames.map((name) => {
    const { layer, source } = found.get(name) ?? { layer: 'default', source: 'default' }
    return [name, { layer, source }]
  })
  return { values: parsed.data, origins: Object.fromEntries(origins) as FoundSettings['origins'] }
}
