import { equalBytes, utf8 } from '@banyan/base'
import { p256 as curve } from '@noble/curves/nist.js'
import type { CryptoProvider } from './provider.js'

export type Assertion = {
  readonly authenticatorData: Uint8Array
  readonly clientDataJSON: Uint8Array
  /** P-256 signature `r ‖ s`, 64 bytes, `s ≤ n/2`: see `derToRaw`. */
  readonly signature: Uint8Array
  /** P-256 point `x ‖ y`, 64 bytes. */
  readonly publicKey: Uint8Array
  /** The bytes that had to be signed, e.g. a transaction id. */
  readonly challenge: Uint8Array
  /** Demands that the authenticator checked its user (PIN, finger, face), not only that someone touched it. */
  readonly requireUserVerification: boolean
  /** SHA-256 of the relying party's id, when it has to be a certain one. */
  readonly rpIdHash?: Uint8Array
  /** Origin of the page that asked, when it has to be a certain one. */
  readonly origin?: string
}

/** Largest `authenticatorData` and `clientDataJSON` that are looked at, in bytes each. */
export const maxAssertionPart = 2048

/** Web Authentication Level 2, 6.1: hash of the relying party's id, flags, signature counter. */
const authenticatorDataLength = 37
const flagsOffset = 32
const userPresent = 0x01
const userVerified = 0x04
/** Attested credential data or extensions follow the fixed part. */
const hasMore = 0x40 | 0x80

/**
 * Whether the assertion signs `challenge` (Web Authentication Level 2, 7.2, the steps that concern bytes). The data of
 * the client must be UTF-8 JSON of an object with the type "webauthn.get".
 */
export function verifyAssertion(provider: CryptoProvider, assertion: Assertion): boolean {
  const { authenticatorData, clientDataJSON, signature, publicKey } = assertion
  if (authenticatorData.length > maxAssertionPart || clientDataJSON.length > maxAssertionPart) return false
  if (!checkAuthenticatorData(assertion) || !checkClientData(assertion)) return false
  const message = new Uint8Array(authenticatorData.length + 32)
  message.set(authenticatorData)
  message.set(provider.sha256(clientDataJSON), authenticatorData.length)
  return provider.p256.verifyMessage(message, signature, publicKey)
}

function checkAuthenticatorData(assertion: Assertion): boolean {
  const { authenticatorData: data, rpIdHash } = assertion
  if (data.length < authenticatorDataLength) return false
  const flags = data[flagsOffset]!
  if ((flags & hasMore) === 0 && data.length !== authenticatorDataLength) return false
  const required = assertion.requireUserVerification ? userPresent | userVerified : userPresent
  if ((flags & required) !== required) return false
  return rpIdHash === undefined || equalBytes(data.subarray(0, 32), rpIdHash)
}

function checkClientData(assertion: Assertion): boolean {
  const client = parseObject(assertion.clientDataJSON)
  if (client === undefined) return false
  const { type, challenge, origin } = client
  if (type !== 'webauthn.get' || challenge !== base64url(assertion.challenge)) return false
  return assertion.origin === undefined || origin === assertion.origin
}

type ClientData = { readonly type?: unknown; readonly challenge?: unknown; readonly origin?: unknown }

/** Object of a JSON text without byte order mark; `undefined` for anything else. */
function parseObject(json: Uint8Array): ClientData | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(json))
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const base64urlDigits = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')

/** RFC 4648, section 5, without padding. */
function base64url(bytes: Uint8Array): string {
  let out = ''
  for (let bit = 0; bit < 8 * bytes.length; bit += 6) {
    const at = bit >> 3
    const pair = (bytes[at]! << 8) | (bytes[at + 1] ?? 0)
    out += String.fromCharCode(base64urlDigits[(pair >> (10 - (bit & 7))) & 63]!)
  }
  return out
}

/**
 * 64 bytes `r ‖ s` with `s ≤ n/2` of the DER signature that browsers and authenticators give; `undefined` if it is
 * not strict DER of two numbers in range.
 */
export function derToRaw(der: Uint8Array): Uint8Array | undefined {
  return lowSignature(der, 'der')
}

/**
 * The P-256 signature `r ‖ s`, 64 bytes, with `s ≤ n/2`: Web Crypto gives the greater `s` as often as the lower one.
 * `undefined` if it is not two numbers in range.
 */
export function toLowS(signature: Uint8Array): Uint8Array | undefined {
  return lowSignature(signature, 'compact')
}

/** (r, n − s) holds wherever (r, s) does. */
function lowSignature(bytes: Uint8Array, format: 'der' | 'compact'): Uint8Array | undefined {
  try {
    const { r, s } = curve.Signature.fromBytes(bytes, format)
    const given = new curve.Signature(r, s)
    return (given.hasHighS() ? new curve.Signature(r, curve.Point.Fn.neg(s)) : given).toBytes('compact')
  } catch {
    return undefined
  }
}
