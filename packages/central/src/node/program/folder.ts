import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, fromHex, toHex } from '@banyan/base'
import { keyForm } from '@banyan/central-link'
import { requireOwnerAlone } from '@banyan/program'
import { z } from 'zod'

/** Secrets of central: never logged, never shown, in a file that only its owner can read. All replicas have the same. */
export type Secrets = {
  /** Of the keyed hashes of credentials, 32 bytes. */
  readonly pepper: Uint8Array
  /** Of the key by which regions know central, 32 bytes. */
  readonly seed: Uint8Array
}

const bytes = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => fromHex(text)!)
const secretsForm = z.strictObject({ version: z.literal(1), pepper: bytes, seed: bytes })

const secretsFile = 'secrets.json'
const maxFileBytes = 65_536

export const journalFolder = (folder: string): string => join(folder, 'journal')

/** Makes a new folder with new secrets. Errors: FileExists, DiskFailed. */
export async function makeFolder(folder: string): Promise<Secrets> {
  const secrets = { pepper: new Uint8Array(randomBytes(32)), seed: new Uint8Array(randomBytes(32)) }
  const { pepper, seed } = secrets
  await mkdir(journalFolder(folder), { recursive: true })
  const text = JSON.stringify({ version: 1, pepper: toHex(pepper), seed: toHex(seed) }, undefined, 2)
  await writeSecret(folder, secretsFile, text)
  return secrets
}

/** Writes a new file that only its owner can read. Errors: FileExists, DiskFailed. */
export async function writeSecret(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${text}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    return path
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') fail('FileExists', { path })
    return fail('DiskFailed', { operation: 'write', path }, error)
  }
}

/** Errors: CentralFolderInvalid, KeyFileExposed. */
export async function readSecrets(folder: string): Promise<Secrets> {
  const text = await readSecret(folder, secretsFile)
  const parsed = secretsForm.safeParse(parseJson(text))
  if (!parsed.success)
    return fail('CentralFolderInvalid', { path: folder, reason: `${secretsFile} is damaged` })
  return parsed.data
}

/** The key with which a follower reads the journal. Errors: CentralFolderInvalid, KeyFileExposed. */
export async function readReplicaKey(folder: string): Promise<string> {
  const parsed = keyForm.safeParse((await readSecret(folder, 'replica-key')).trim())
  return parsed.success
    ? parsed.data
    : fail('CentralFolderInvalid', { path: folder, reason: 'replica-key is no key' })
}

async function readSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  try {
    const { mode, size } = await stat(path)
    requireOwnerAlone(path, mode)
    if (size > maxFileBytes) fail('CentralFolderInvalid', { path: folder, reason: `${name} is too large` })
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || 'kind' in error) throw error
    return fail('CentralFolderInvalid', { path: folder, reason: `${name} cannot be read` }, error)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
