import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fail } from '@banyan/base'
import type { Inputs } from '../inputs/inputs.js'

export type Script = { readonly name: string; readonly text: string }

const folder = new URL('../../scripts/', import.meta.url)
const ending = '.darkroom'

/** The scripts that come with the service, by name. */
export const builtIn: ReadonlyMap<string, string> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => [file.slice(0, -ending.length), readFileSync(new URL(file, folder), 'utf8')]),
)

const maxScriptBytes = 400_000

/**
 * The script that a request names: a built-in one or an address.
 *
 * Errors: ScriptUnknown, ScriptInvalid, and those of inputs.
 */
export async function findScript(name: string, inputs: Inputs): Promise<Script> {
  const own = builtIn.get(name)
  if (own !== undefined) return { name, text: own }
  if (!/^https?:/i.test(name))
    fail('ScriptUnknown', { script: name.slice(0, 100), names: [...builtIn.keys()].join(', ') })
  const bytes = await readFile((await inputs.get(name)).path)
  const shown = new URL(name).pathname.split('/').at(-1)!.slice(0, 100) || 'script'
  if (bytes.length > maxScriptBytes)
    fail('ScriptInvalid', {
      script: shown,
      line: 1,
      column: 1,
      reason: `it is longer than ${maxScriptBytes} bytes`,
    })
  return { name: shown, text: bytes.toString('utf8') }
}
