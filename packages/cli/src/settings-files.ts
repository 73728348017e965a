import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail } from '@banyan/base'
import { z } from 'zod'

/** A file with settings, not checked yet; one that does not exist has none. */
export type SettingsFile = {
  readonly source: string
  readonly values: Readonly<Record<string, unknown>>
}

const object = z.record(z.string(), z.unknown())

/** `banyan.config.json` or `banyan.config.ts` of a folder. Error: FileInvalid. */
export async function projectFile(folder: string): Promise<SettingsFile> {
  const json = join(folder, 'banyan.config.json')
  const module = join(folder, 'banyan.config.ts')
  if (!existsSync(module)) return readJsonFile(json)
  if (existsSync(json))
    fail('FileInvalid', { path: module, reason: 'banyan.config.json is there as well; keep one of them' })
  return { source: module, values: await readModule(module) }
}

/** The user's own, in the folder for configuration of the XDG specification. Error: FileInvalid. */
export async function userFile(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SettingsFile> {
  const base = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config')
  return readJsonFile(join(base, 'banyan', 'config.json'))
}

async function readJsonFile(source: string): Promise<SettingsFile> {
  const text = await readFile(source, 'utf8').catch(() => undefined)
  if (text === undefined) return { source, values: {} }
  try {
    return { source, values: object.parse(JSON.parse(text)) }
  } catch (error) {
    return fail('FileInvalid', { path: source, reason: 'it is not a JSON object' }, error)
  }
}

/** What a module exports by default. Node reads TypeScript by itself from 22.18 on. */
async function readModule(path: string): Promise<SettingsFile['values']> {
  const { typescript } = process.features as { readonly typescript?: string | false }
  if (typeof typescript !== 'string') {
    const reason = `Node ${process.versions.node} cannot read TypeScript; write banyan.config.json, or use Node 22.18 or newer`
    return fail('FileInvalid', { path, reason })
  }
  try {
    const found = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    return object.parse(found.default)
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? 'it does not export an object by default' : `it fails: ${String(error)}`
    return fail('FileInvalid', { path, reason }, error)
  }
}
