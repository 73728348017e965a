import type { Hash } from '@banyan/base'
import { derToRaw, portable, toLowS } from '@banyan/crypto'
import {
  encodeEnvelope,
  type NativeBody,
  nativeId,
  type Signature,
  signatureKinds,
  webauthnSignature,
} from '@banyan/ledger'

/** A wallet in the browser: it makes the bytes of transactions itself, and its keys never leave the browser. */

/** The parts of the Web Authentication API that a wallet needs. */
declare const navigator: {
  readonly credentials: {
    create(options: object): Promise<{ readonly rawId: ArrayBuffer; readonly response: Attestation }>
    get(options: object): Promise<{ readonly response: AssertionResponse }>
  }
}
type Attestation = { getPublicKey(): ArrayBuffer }
type AssertionResponse = Readonly<Record<'authenticatorData' | 'clientDataJSON' | 'signature', ArrayBuffer>>

export type Passkey = { readonly rawId: Uint8Array; readonly publicKey: Uint8Array }

/** Makes a passkey for P-256. The browser gives its key as SubjectPublicKeyInfo, which ends with `x ‖ y`. */
export async function createPasskey(name: string): Promise<Passkey> {
  const { rawId, response } = await navigator.credentials.create({
    publicKey: {
      rp: { name: 'Banyan' },
      user: { id: new TextEncoder().encode(name), name, displayName: name },
      challenge: new Uint8Array(32),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    },
  })
  return { rawId: new Uint8Array(rawId), publicKey: new Uint8Array(response.getPublicKey()).slice(-64) }
}

/** Envelope of a native transaction that the passkey signed: the challenge is the id. */
export async function signWithPasskey(
  domain: Hash,
  body: NativeBody,
  { rawId, publicKey }: Passkey,
): Promise<Uint8Array> {
  const { response } = await navigator.credentials.get({
    publicKey: {
      challenge: nativeId(portable, domain, body),
      allowCredentials: [{ type: 'public-key', id: rawId }],
    },
  })
  const parts = {
    authenticatorData: new Uint8Array(response.authenticatorData),
    clientDataJSON: new Uint8Array(response.clientDataJSON),
    signature: derToRaw(new Uint8Array(response.signature))!,
  }
  return envelopeOf(body, webauthnSignature(parts, publicKey))
}

const { subtle } = crypto
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes a key that Web Crypto does not give away, and returns its point `x ‖ y`. */
export async function createKey(): Promise<Uint8Array> {
  keys = await subtle.generateKey(ecdsa, false, ['sign', 'verify'])
  return pointOf(keys.publicKey)
}

let keys: CryptoKeyPair | undefined

const pointOf = async (key: CryptoKey) => new Uint8Array(await subtle.exportKey('raw', key)).slice(1)

/** Envelope of a native transaction that the key made last signed, as plain P-256. */
export async function signWithKey(domain: Hash, body: NativeBody): Promise<Uint8Array> {
  const { privateKey, publicKey } = keys!
  const given = await subtle.sign(ecdsa, privateKey, nativeId(portable, domain, body))
  const signature = toLowS(new Uint8Array(given))!
  return envelopeOf(body, { kind: signatureKinds.p256, publicKey: await pointOf(publicKey), signature })
}

const envelopeOf = (body: NativeBody, signature: Signature): Uint8Array =>
  encodeEnvelope({ kind: 'native', body, signatures: [signature], sponsor: [] })
