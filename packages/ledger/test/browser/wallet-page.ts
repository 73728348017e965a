import { utf8 } from '@banyan/base'
import { derToRaw, portable, toLowS, verifyAssertion } from '@banyan/crypto'

/** Keys of a wallet in the browser, which never leave it. What they sign are ids of transactions. */

/** The parts of the Web Authentication API that a wallet needs. */
declare const navigator: {
  readonly credentials: {
    create(options: object): Promise<{ readonly rawId: ArrayBuffer; readonly response: Attestation }>
    get(options: object): Promise<{ readonly response: AssertionResponse }>
  }
}
declare const location: { readonly hostname: string; readonly origin: string }
type Attestation = { getPublicKey(): ArrayBuffer }
type AssertionResponse = Readonly<Record<'authenticatorData' | 'clientDataJSON' | 'signature', ArrayBuffer>>

export type Passkey = {
  readonly rawId: Uint8Array
  /** `x ‖ y`. */
  readonly publicKey: Uint8Array
}

/** Makes a passkey for P-256. The browser gives its key as SubjectPublicKeyInfo, which ends with `x ‖ y`. */
export async function createPasskey(name: string): Promise<Passkey> {
  const { rawId, response } = await navigator.credentials.create({
    publicKey: {
      rp: { name: 'Banyan' },
      user: { id: utf8(name), name, displayName: name },
      challenge: new Uint8Array(32),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    },
  })
  return { rawId: new Uint8Array(rawId), publicKey: new Uint8Array(response.getPublicKey()).slice(-64) }
}

/** What the passkey makes of the id, and whether this very page finds it valid. */
export async function signWithPasskey(id: Uint8Array, { rawId, publicKey }: Passkey) {
  const { response } = await navigator.credentials.get({
    publicKey: { challenge: id, allowCredentials: [{ type: 'public-key', id: rawId }] },
  })
  const parts = {
    authenticatorData: new Uint8Array(response.authenticatorData),
    clientDataJSON: new Uint8Array(response.clientDataJSON),
    signature: derToRaw(new Uint8Array(response.signature))!,
  }
  const isValid = verifyAssertion(portable, {
    ...parts,
    publicKey,
    challenge: id,
    requireUserVerification: true,
    rpIdHash: portable.sha256(utf8(location.hostname)),
    origin: location.origin,
  })
  return { parts, isValid }
}

const { subtle } = crypto
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const keys = subtle.generateKey(ecdsa, false, ['sign', 'verify'])

/** Point `x ‖ y` of this page's key of Web Crypto, whose secret cannot be exported. */
export async function webCryptoKey(): Promise<Uint8Array> {
  return new Uint8Array(await subtle.exportKey('raw', (await keys).publicKey)).slice(1)
}

/** 64 bytes `r ‖ s`. */
export async function signWithWebCrypto(id: Uint8Array): Promise<Uint8Array> {
  const given = await subtle.sign(ecdsa, (await keys).privateKey, new Uint8Array(id))
  return toLowS(new Uint8Array(given))!
}
