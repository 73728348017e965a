import { asHash, concatBytes, fail, fromHex, type Hash, toHex, utf8 } from '@banyan/base'
import { type CryptoProvider, tag } from '@banyan/crypto'
import { z } from 'zod'
import { manifestForm } from './manifest.js'

export type ReleaseCrypto = Pick<CryptoProvider, 'sha256' | 'ed25519'>

/** Who signs a release: who wrote it, and who looked at it before others run it. */
export const roles = ['developer', 'authority'] as const
export type Role = (typeof roles)[number]

const hexBytes = (length: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`), `must be ${length} bytes in hexadecimal digits`)

const signatureForm = z.strictObject({ publicKey: hexBytes(32), signature: hexBytes(64) })

const releaseForm = z.strictObject({
  format: z.literal(1),
  name: manifestForm.shape.name,
  version: manifestForm.shape.version,
  content: hexBytes(32),
  bytes: z.int().min(1_024),
  developer: signatureForm.optional(),
  authority: signatureForm.optional(),
})

/** Names a package by its contents, with the signatures that vouch for it. `bytes` is the length of the archive. */
export type Release = z.output<typeof releaseForm>

/** The release of an archive, not signed yet. */
export function makeRelease(
  crypto: ReleaseCrypto,
  { name, version }: { readonly name: string; readonly version: string },
  archive: Uint8Array,
): Release {
  return { format: 1, name, version, content: toHex(crypto.sha256(archive)), bytes: archive.length }
}

/** Checks a value as a release; its signatures are checked by `verifyRelease`. Error: ReleaseMalformed. */
export function readRelease(value: unknown): Release {
  const parsed = releaseForm.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  return fail('ReleaseMalformed', { reason: `${issue.path.join('.') || 'it'}: ${issue.message}` })
}

/** As people write it: `darkroom@1.2.0`. */
export function releaseName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`
}

/** Address of a release's package by its contents: 32 bytes. */
export function contentOf(release: Release): Hash {
  return asHash(fromHex(release.content)!)
}

/** The 192 bytes that a role signs, in docs/formats.md, "DService packages". */
function signedBytes(
  crypto: ReleaseCrypto,
  release: Release,
  role: Role,
  developerKey: Uint8Array,
): Uint8Array {
  return concatBytes(
    tag('banyan/dservice'),
    tag(role),
    crypto.sha256(utf8(release.name)),
    crypto.sha256(utf8(release.version)),
    contentOf(release),
    developerKey,
  )
}

/**
 * The release with the signature of a role by the key of this 32-byte seed. A new signature of the developer voids that of
 * the authority, which was given to another developer's key. Error: SignatureMissing where an authority comes first.
 */
export function signRelease(crypto: ReleaseCrypto, release: Release, role: Role, seed: Uint8Array): Release {
  const own = crypto.ed25519.publicKey(seed)
  if (role === 'developer') {
    const signature = crypto.ed25519.sign(signedBytes(crypto, release, role, own), seed)
    const { authority: _, ...rest } = release
    return { ...rest, developer: { publicKey: toHex(own), signature: toHex(signature) } }
  }
  const developerKey = checkSignature(crypto, release, 'developer')
  const signature = crypto.ed25519.sign(signedBytes(crypto, release, role, developerKey), seed)
  return { ...release, authority: { publicKey: toHex(own), signature: toHex(signature) } }
}

/** The key of a role whose signature fits. Errors: SignatureMissing, SignatureWrong. */
export function checkSignature(crypto: ReleaseCrypto, release: Release, role: Role): Uint8Array {
  const given = release[role]
  const developerKey = release.developer?.publicKey
  if (given === undefined || developerKey === undefined)
    return fail('SignatureMissing', { release: releaseName(release), role })
  const key = fromHex(given.publicKey)!
  const message = signedBytes(crypto, release, role, fromHex(developerKey)!)
  if (!crypto.ed25519.verify(fromHex(given.signature)!, message, key))
    fail('SignatureWrong', { release: releaseName(release), role })
  return key
}

/**
 * Checks that the developer signed a release and that one of these authorities, as 32-byte keys, certified it.
 * Errors: SignatureMissing, SignatureWrong, AuthorityUnknown.
 */
export function verifyRelease(
  crypto: ReleaseCrypto,
  release: Release,
  authorities: readonly Uint8Array[],
): void {
  checkSignature(crypto, release, 'developer')
  const authority = toHex(checkSignature(crypto, release, 'authority'))
  if (!authorities.some((key) => toHex(key) === authority))
    fail('AuthorityUnknown', { release: releaseName(release) })
}
