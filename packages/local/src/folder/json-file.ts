import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { banyanError } from '@banyan/base'
import type { z } from 'zod'

/** Small files of this package: replaced whole, so that a reader sees the old one or the new one. */

export async function writeJson(path: string, value: unknown, mode = 0o644): Promise<void> {
  const aside = `${path}.${process.pid}.new`
  try {
    await writeFile(aside, `${JSON.stringify(value, undefined, 2)}\n`, { mode })
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw diskError(error, 'write', path)
  }
}

/** The content of a JSON file of this form; nothing if there is no file, or none of this form. */
export async function readJsonIfAny<Form extends z.ZodType>(
  path: string,
  form: Form,
): Promise<z.output<Form> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const parsed = form.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** What the operating system refused, as an error of the registry. */
export function diskError(error: unknown, operation: string, path: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return banyanError('DiskFull', { path }, error)
  return banyanError('DiskFailed', { operation, path }, error)
}
