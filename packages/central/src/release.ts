import { concatBytes, fail, fromHex, utf8 } from '@banyan/base'
import { tag } from '@banyan/crypto'
import type { Context } from './change/change.js'
import type { Release } from './records.js'

export type Role = 'developer' | 'authority'

/** Checks the signature of a role over docs/formats.md, "DService packages". Error: DServiceInvalid. */
export function checkSignature(crypto: Context['crypto'], release: Release, role: Role): Uint8Array {
  const given = release[role]
  if (given === undefined)
    return fail('DServiceInvalid', { reason: `the signature of the ${role} is missing` })
  const key = fromHex(given.publicKey)!
  const message = concatBytes(
    tag('banyan/dservice'),
    tag(role),
    crypto.sha256(utf8(release.name)),
    crypto.sha256(utf8(release.version)),
    fromHex(release.content)!,
    fromHex(release.developer.publicKey)!,
  )
  if (!crypto.ed25519.verify(fromHex(given.signature)!, message, key))
    fail('DServiceInvalid', { reason: `the signature of the ${role} is wrong` })
  return key
}
