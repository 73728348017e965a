import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { BanyanError, fail } from '@banyan/base'
import { requireOwnerAlone } from '@banyan/program'
import { createAuthority, fingerprintOf, issueLeaf, type KeyPair, needsRenewal } from './authority.js'

/** What a gateway shows to its clients, and how they know that it is the right one. */
export type Identity = {
  readonly leaf: KeyPair
  /** File with the certificate that clients have to trust. */
  readonly authorityFile: string
  readonly fingerprint: string
}

/**
 * The identity in a folder; whatever is missing is made. Called again, it renews a certificate in time. Errors: FileUnreadable,
 * KeyFileExposed.
 */
export async function openIdentity(folder: string, names: readonly string[], now: number): Promise<Identity> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority =
    readPair(folder, 'authority') ??
    keep(folder, 'authority', await createAuthority(`Banyan gateway at ${hostname()}`, now))
  const all = [...new Set([hostname(), 'localhost', ...ownAddresses(), ...names])]
  const known = readPair(folder, 'gateway')
  const leaf =
    known !== undefined && !needsRenewal(known.certificate, all, now)
      ? known
      : keep(folder, 'gateway', await issueLeaf(authority, all, now))
  return {
    leaf,
    authorityFile: fileOf(folder, 'authority', 'pem'),
    fingerprint: await fingerprintOf(authority.certificate),
  }
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ address, family }) => family === 'IPv4' || !address.startsWith('fe80'))
    .map(({ address }) => address)
}

function fileOf(folder: string, name: string, ending: 'key' | 'pem'): string {
  return join(folder, `${name}.${ending}`)
}

function readPair(folder: string, name: string): KeyPair | undefined {
  const keyFile = fileOf(folder, name, 'key')
  try {
    requireOwnerAlone(keyFile, statSync(keyFile).mode)
    return {
      privateKey: readFileSync(keyFile, 'utf8'),
      certificate: readFileSync(fileOf(folder, name, 'pem'), 'utf8'),
    }
  } catch (error) {
    if (error instanceof BanyanError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return fail('FileUnreadable', { path: keyFile, reason: (error as Error).message }, error)
  }
}

/** The certificate comes last: a key without one counts as missing. Returns what reading will give. */
function keep(folder: string, name: string, pair: KeyPair): KeyPair {
  const privateKey = replace(fileOf(folder, name, 'key'), pair.privateKey, 0o600)
  return { privateKey, certificate: replace(fileOf(folder, name, 'pem'), pair.certificate, 0o644) }
}

function replace(file: string, pem: string, mode: number): string {
  const text = `${pem}\n`
  writeFileSync(`${file}.new`, text, { mode })
  renameSync(`${file}.new`, file)
  return text
}
