import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail } from '@banyan/base'
import type { z } from 'zod'

/** Files of people: short, human readable, never overwritten. */

const maxFileBytes = 2 ** 28

/** Reads a JSON file of this form. Errors: FileUnreadable, FileInvalid. */
export async function readJson<Form extends z.ZodType>(path: string, form: Form): Promise<z.output<Form>> {
  const parsed = form.safeParse(parseJson(path, await readText(path)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue!.path.map(String).join('.')
  return fail('FileInvalid', { path, reason: place === '' ? issue!.message : `${place}: ${issue!.message}` })
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > maxFileBytes) fail('FileInvalid', { path, reason: 'it is too large' })
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return fail('FileUnreadable', { path, reason: reasonOf(error) }, error)
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser quotes what it found, which may be a secret.
    return fail('FileInvalid', { path, reason: 'it is not JSON' })
  }
}

/** Permission bits of a file. Error: FileUnreadable. */
export async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    return fail('FileUnreadable', { path, reason: reasonOf(error) }, error)
  }
}

/** Writes a new JSON file durably, and the folders above it. Errors: FileExists, DiskFull, DiskFailed. */
export async function writeNewJson(path: string, value: unknown, mode = 0o644): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'wx', mode)
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') fail('FileExists', { path })
    if (code === 'ENOSPC' || code === 'EDQUOT') fail('DiskFull', { path }, error)
    return fail('DiskFailed', { operation: 'write', path }, error)
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !('kind' in error)
    ? error.code
    : undefined
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'it does not exist'
    case 'EACCES':
      return 'this user may not read it'
    case 'EISDIR':
      return 'it is a folder'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
