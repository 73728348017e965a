import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { BanyanError, banyanError, fail, fromHex, toHex } from '@banyan/base'
import { requireOwnerAlone } from '@banyan/program'
import { ed25519Account, type KeyAccount, newSecret, secp256k1Account } from '@banyan/sdk'
import { z } from 'zod'

/** Accounts of the user: a file each, readable by its owner alone, in the folder for data of the XDG specification. */

export const schemes = ['ed25519', 'secp256k1'] as const
export type Scheme = (typeof schemes)[number]

const keyForm = z.strictObject({
  version: z.literal(1),
  scheme: z.enum(schemes),
  address: z.string(),
  secret: z.string(),
})

/** What may be told of an account. */
export type OwnAccount = {
  readonly name: string
  readonly scheme: Scheme
  readonly address: string
  readonly file: string
}

export function keyFolder(): string {
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'banyan', 'accounts')
}

export function accountOf(scheme: Scheme, secret: Uint8Array): KeyAccount {
  return scheme === 'ed25519' ? ed25519Account(secret) : secp256k1Account(secret)
}

/** Makes the file of a new account. Without a secret it gets a random one. Errors: NameUnfit, AccountTaken, DiskFailed. */
export async function createKey(name: string, scheme: Scheme, given?: Uint8Array): Promise<OwnAccount> {
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name)) fail('NameUnfit', { name, what: 'an account' })
  const secret = given ?? fromHex(newSecret())!
  const { address } = accountOf(scheme, secret)
  const file = join(keyFolder(), `${name}.json`)
  const text = JSON.stringify({ version: 1, scheme, address, secret: toHex(secret) }, undefined, 2)
  try {
    await mkdir(keyFolder(), { recursive: true, mode: 0o700 })
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(`${text}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') fail('AccountTaken', { name })
    if (code === 'ENOSPC' || code === 'EDQUOT') throw banyanError('DiskFull', { path: file }, error)
    throw banyanError('DiskFailed', { operation: 'write', path: file }, error)
  }
  return { name, scheme, address, file }
}

/** All accounts of the user by name. One whose file is damaged is an error. */
export async function listKeys(): Promise<readonly OwnAccount[]> {
  const files = (await readdir(keyFolder()).catch(() => [])).filter((file) => file.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (file) => {
      const path = join(keyFolder(), file)
      const { scheme, address } = await readKeyFile(path)
      return { name: file.slice(0, -5), scheme, address, file: path }
    }),
  )
}

/** The account of this name that signs; nothing if there is none. Errors: KeyFileExposed, FileInvalid. */
export async function openKey(name: string): Promise<KeyAccount | undefined> {
  const key = await openSecret(name)
  return key === undefined ? undefined : accountOf(key.scheme, key.secret)
}

/** The 32-byte ed25519 seed of an account, for what is signed besides transactions. Errors: NameUnknown, KeyMalformed. */
export async function openSeed(name: string): Promise<Uint8Array> {
  const key = (await openSecret(name)) ?? fail('NameUnknown', { name, what: 'account that can sign here' })
  return key.scheme === 'ed25519' ? key.secret : fail('KeyMalformed', { algorithm: 'ed25519' })
}

type Secret = { readonly scheme: Scheme; readonly secret: Uint8Array }

async function openSecret(name: string): Promise<Secret | undefined> {
  const path = join(keyFolder(), `${name}.json`)
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name) || !(await exists(path))) return undefined
  const { mode } = await stat(path)
  requireOwnerAlone(path, mode)
  const { scheme, secret } = await readKeyFile(path)
  return { scheme, secret: fromHex(secret) ?? new Uint8Array(0) }
}

async function readKeyFile(path: string): Promise<z.output<typeof keyForm>> {
  try {
    return keyForm.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    // What was found is not quoted: it may be secret.
    throw banyanError('FileInvalid', { path, reason: 'it is not a key file of this program' })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** A secret of 32 bytes in hexadecimal digits, from a file or, for "-", from standard input. Error: KeyMalformed. */
export async function readSecret(path: string, scheme: Scheme): Promise<Uint8Array> {
  const text =
    path === '-'
      ? await readInput()
      : await readFile(path, 'utf8').catch((error: unknown) => unreadable(path, error))
  const digits = text.trim()
  const secret = fromHex(digits.startsWith('0x') ? digits : `0x${digits}`)
  return secret?.length === 32 ? secret : fail('KeyMalformed', { algorithm: scheme })
}

function unreadable(path: string, error: unknown): never {
  if (error instanceof BanyanError) throw error
  return fail('FileUnreadable', { path, reason: 'it does not exist, or this user may not read it' }, error)
}

const maxInput = 4_096

async function readInput(): Promise<string> {
  let text = ''
  for await (const part of process.stdin.setEncoding('utf8') as AsyncIterable<string>) {
    text += part
    if (text.length > maxInput) break
  }
  return text
}
