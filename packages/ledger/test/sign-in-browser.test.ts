import { p256Address } from '@banyan/crypto'
import {
  admit,
  type Chain,
  decodeEnvelope,
  encodeEnvelope,
  type NativeBody,
  nativeId,
  type Signature,
  signatureKinds,
  webauthnSignature,
} from '@banyan/ledger'
import { addPasskeyDevice, bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { expect, test } from 'vitest'
import type * as Page from './browser/wallet-page.js'
import * as S from './small-chain.js'

/** Chromium keeps the keys and signs ids of native transactions, the ledger in Node executes them. */

const bundle = await bundleForBrowser(new URL('./browser/wallet-page.ts', import.meta.url))
const browser = useBrowser()

/** A transaction, not signed yet, that pays bob from the account of a P-256 key, which gets one FIG to do so. */
function unsignedFrom(chain: Chain, publicKey: Uint8Array) {
  const account = p256Address(S.provider, publicKey)
  S.addBlock(chain, [S.transfer(chain, { payee: account, amount: S.oneFig })])
  const made = decodeEnvelope(S.nativeCall(chain, { account }))
  if (made.kind !== 'native') throw new Error('not a native transaction')
  return { body: made.body, id: nativeId(S.provider, chain.domains.native, made.body) }
}

const envelopeOf = (body: NativeBody, signature: Signature) =>
  encodeEnvelope({ kind: 'native', body, signatures: [signature], sponsor: [] })

/** Executes the signed transaction, and expects that bob has what it pays. */
function expectPaid(chain: Chain, body: NativeBody, signature: Signature): void {
  const envelope = envelopeOf(body, signature)
  const before = S.accountOf(chain, S.addressOf(S.bob)).balance
  const { id, sender, verified } = admit(chain, envelope)
  expect(verified.signers).toEqual([sender])
  const [receipt] = S.receiptsOf(S.addBlock(chain, [envelope]))
  expect(receipt).toMatchObject({ id, status: 'success' })
  expect(S.accountOf(chain, S.addressOf(S.bob)).balance).toBe(before + 9n)
}

function expectRefused(chain: Chain, body: NativeBody, signature: Signature, kind: string): void {
  expect(() => admit(chain, envelopeOf(body, signature))).toThrow(expect.objectContaining({ kind }))
}

/** Expects that the signature is for this transaction only, and cannot be altered. */
function expectBound(chain: Chain, body: NativeBody, signature: Signature): void {
  expectRefused(chain, { ...body, nonce: body.nonce + 1n }, signature, 'SignatureInvalid')
  const bytes = signature.signature
  for (const at of [5, bytes.length - 64, bytes.length - 1]) {
    const altered = bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expectRefused(chain, body, { ...signature, signature: altered }, 'SignatureInvalid')
  }
}

test('LED-2: a passkey of Chromium signs a native transaction, and the ledger executes it', async () => {
  const page = await browser.open<typeof Page>(bundle)
  await addPasskeyDevice(page)
  const chain = S.newChain()
  const passkey = await page.call('createPasskey', 'alice')
  const { body, id } = unsignedFrom(chain, passkey.publicKey)
  const { parts, isValid } = await page.call('signWithPasskey', id, passkey)
  expect(isValid).toBe(true)
  const signature = webauthnSignature(parts, passkey.publicKey)
  expectBound(chain, body, signature)
  expectPaid(chain, body, signature)
})

test('LED-2: the passkey of somebody else does not open an account', async () => {
  const page = await browser.open<typeof Page>(bundle)
  await addPasskeyDevice(page)
  const chain = S.newChain()
  const own = await page.call('createPasskey', 'alice')
  const other = await page.call('createPasskey', 'mallory')
  const { body, id } = unsignedFrom(chain, own.publicKey)
  const { parts } = await page.call('signWithPasskey', id, other)
  expectRefused(chain, body, webauthnSignature(parts, other.publicKey), 'AccountUnauthorized')
  expectRefused(chain, body, webauthnSignature(parts, own.publicKey), 'SignatureInvalid')
})

test('LED-2: a Web Crypto key that cannot be exported signs native transactions, and the ledger executes them', async () => {
  const page = await browser.open<typeof Page>(bundle)
  const chain = S.newChain()
  const publicKey = await page.call('webCryptoKey')
  for (let i = 0; i < 8; i++) {
    const { body, id } = unsignedFrom(chain, publicKey)
    const bytes = await page.call('signWithWebCrypto', id)
    const signature = { kind: signatureKinds.p256, publicKey, signature: bytes }
    expectBound(chain, body, signature)
    expectPaid(chain, body, signature)
  }
})
