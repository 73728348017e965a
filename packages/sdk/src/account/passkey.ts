import { concatBytes, equalBytes, toHex } from '@banyan/base'
import { derToRaw, p256Address } from '@banyan/crypto'
import { hasher, randomBytes, recoverP256 } from '@banyan/crypto/portable'
import { type AssertionParts, webauthnSignature } from '@banyan/ledger/transactions'
import { throwIfAborted } from '../abort.js'
import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import type { Address } from '../hex.js'
import type { Options } from '../http.js'
import { getAccount } from '../read/accounts.js'
import type { PasskeyAccount } from './account.js'

/** Accounts whose key never leaves a phone, a computer or a security key (Web Authentication Level 3). No phrase to write down. */

/** ES256 of COSE: P-256 with SHA-256, the only kind that all platforms have. */
const es256 = -7
/** Key, authenticator data, client data with a long origin, and the signature. */
const signatureBytes = 640

/** What an application keeps to use a passkey again without asking for it. Nothing in it is secret. */
export type SavedPasskey = { readonly credentialId: string; readonly publicKey: Uint8Array }

/** The account of a passkey that was made or found before. Its device is asked only when it signs. */
export function passkeyAccount({ credentialId, publicKey }: SavedPasskey): PasskeyAccount {
  const address = addressOf(publicKey)
  const allowed = [{ type: 'public-key', id: fromBase64url(credentialId) }] as const
  return {
    kind: 'passkey',
    address,
    publicKey,
    credentialId,
    signatureBytes,
    sign: async (digest, options) => {
      const { parts } = await getAssertion(digest, allowed, options)
      return webauthnSignature(parts, publicKey)
    },
  }
}

/**
 * Makes a passkey and its account. `name` is what the device shows for it. Errors: ConfirmationRefused,
 * PasskeyUnavailable.
 */
export async function createPasskey({
  name,
  site = location.hostname,
  signal,
}: Options & { readonly name: string; readonly site?: string }): Promise<PasskeyAccount> {
  const created = await guarded(signal, () =>
    navigator.credentials.create({
      ...(signal && { signal }),
      publicKey: {
        rp: { name: site },
        user: { id: randomBytes(16) as BufferSource, name, displayName: name },
        challenge: randomBytes(32) as BufferSource,
        pubKeyCredParams: [{ type: 'public-key', alg: es256 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      },
    }),
  )
  const { rawId, response } = created as PublicKeyCredential & { response: AuthenticatorAttestationResponse }
  const encoded = response.getPublicKey()
  if (encoded === null) throw clientError('PasskeyUnavailable', { reason: 'the device makes no P-256 keys' })
  // SubjectPublicKeyInfo of a P-256 key ends with the point.
  const publicKey = new Uint8Array(encoded).slice(-64)
  return passkeyAccount({ credentialId: toBase64url(new Uint8Array(rawId)), publicKey })
}

/**
 * Lets the user choose one of the passkeys of this site, on a device that has never seen the application too. A passkey
 * tells its key only when it is made, but two keys at most fit a signature: the one that has an account here is taken, or
 * else the one that fits a second signature. Errors: ConfirmationRefused, PasskeyUnavailable, those of `ask`.
 */
export async function findPasskey(client: Client, options: Options = {}): Promise<PasskeyAccount> {
  const first = await getAssertion(randomBytes(32), [], options)
  const credentialId = toBase64url(first.credentialId)
  const candidates = candidatesOf(first.parts)
  const known: Uint8Array[] = []
  for (const publicKey of candidates) {
    const { exists } = await getAccount(client, { address: addressOf(publicKey), ...options })
    if (exists) known.push(publicKey)
  }
  if (known.length === 1) return passkeyAccount({ credentialId, publicKey: known[0]! })
  const allowed = [{ type: 'public-key', id: first.credentialId }] as const
  const second = candidatesOf((await getAssertion(randomBytes(32), allowed, options)).parts)
  const both = candidates.filter((one) => second.some((other) => equalBytes(one, other)))
  const [publicKey] = both
  if (both.length !== 1 || publicKey === undefined) {
    throw clientError('PasskeyUnavailable', { reason: 'its signatures are not of P-256' })
  }
  return passkeyAccount({ credentialId, publicKey })
}

function addressOf(publicKey: Uint8Array): Address {
  return toHex(p256Address(hasher, publicKey)) as Address
}

function candidatesOf({
  authenticatorData,
  clientDataJSON,
  signature,
}: AssertionParts): readonly Uint8Array[] {
  return recoverP256(concatBytes(authenticatorData, hasher.sha256(clientDataJSON)), signature)
}

type Allowed = readonly { readonly type: 'public-key'; readonly id: Uint8Array }[]

async function getAssertion(
  challenge: Uint8Array,
  allowed: Allowed,
  { signal }: Options = {},
): Promise<{ readonly credentialId: Uint8Array; readonly parts: AssertionParts }> {
  const found = await guarded(signal, () =>
    navigator.credentials.get({
      ...(signal && { signal }),
      publicKey: {
        challenge: challenge as BufferSource,
        allowCredentials: allowed.map(({ type, id }) => ({ type, id: id as BufferSource })),
        userVerification: 'preferred',
      },
    }),
  )
  const { rawId, response } = found as PublicKeyCredential & { response: AuthenticatorAssertionResponse }
  const signature = derToRaw(new Uint8Array(response.signature))
  if (signature === undefined)
    throw clientError('PasskeyUnavailable', { reason: 'its signatures are not of P-256' })
  return {
    credentialId: new Uint8Array(rawId),
    parts: {
      authenticatorData: new Uint8Array(response.authenticatorData),
      clientDataJSON: new Uint8Array(response.clientDataJSON),
      signature,
    },
  }
}

/** Runs a request to the platform, and says in our words why it failed. */
async function guarded<Result>(
  signal: AbortSignal | undefined,
  request: () => Promise<Result | null>,
): Promise<Result> {
  throwIfAborted(signal)
  if (typeof navigator === 'undefined' || navigator.credentials === undefined) {
    throw clientError('PasskeyUnavailable', { reason: 'this is no secure page of a browser' })
  }
  try {
    const result = await request()
    if (result !== null) return result
  } catch (cause) {
    throwIfAborted(signal)
    const { name, message } = cause as Error
    const isRefusal = name === 'NotAllowedError' || name === 'InvalidStateError'
    throw clientError(isRefusal ? 'ConfirmationRefused' : 'PasskeyUnavailable', { reason: message }, cause)
  }
  throw clientError('ConfirmationRefused', { reason: 'no passkey was chosen' })
}

function toBase64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Error: ArgumentInvalid. */
function fromBase64url(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  } catch (cause) {
    throw clientError('ArgumentInvalid', { argument: 'credentialId', reason: 'it is not base64url' }, cause)
  }
}
