import { p256Address } from '@banyan/crypto'
import {
  admit,
  type Chain,
  decodeEnvelope,
  encodeEnvelope,
  type Native,
  type NativeBody,
  signatureKinds,
} from '@banyan/ledger'
import { addPasskeyDevice, bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { expect, test } from 'vitest'
import type * as Page from './browser/wallet-page.js'
import * as S from './small-chain.js'

/** A wallet in Chromium builds and signs transactions, the ledger in Node executes them. */

const bundle = await bundleForBrowser(new URL('./browser/wallet-page.ts', import.meta.url))
const browser = useBrowser()

/** Pays the address of a P-256 key one FIG, and asks for a transaction that pays bob from there. */
function fundedBody(chain: Chain, publicKey: Uint8Array): NativeBody {
  const account = p256Address(S.provider, publicKey)
  S.addBlock(chain, [S.transfer(chain, { payee: account, amount: S.oneFig })])
  return nativeOf(S.nativeCall(chain, { account })).body
}

function nativeOf(envelope: Uint8Array): Native {
  const transaction = decodeEnvelope(envelope)
  if (transaction.kind !== 'native') throw new Error('not a native transaction')
  return transaction
}

/** Executes the envelope as an admitted transaction, and expects that bob has what it pays. */
function expectPaid(chain: Chain, envelope: Uint8Array): void {
  const before = S.accountOf(chain, S.addressOf(S.bob)).balance
  const { id, verified, transaction } = admit(chain, envelope)
  expect(transaction.kind === 'native' && verified.signers).toEqual([verified.sender])
  const [receipt] = S.receiptsOf(S.addBlock(chain, [envelope]))
  expect(receipt).toMatchObject({ id, status: 'success' })
  expect(S.accountOf(chain, S.addressOf(S.bob)).balance).toBe(before + 9n)
}

/** Expects that nothing signed by the envelope's signature but the transaction itself is admitted. */
function expectBound(chain: Chain, envelope: Uint8Array): void {
  const { signatures, body } = nativeOf(envelope)
  const [signature] = signatures
  const refusal = (changes: Partial<Native>): string => {
    try {
      admit(chain, encodeEnvelope({ kind: 'native', body, signatures, sponsor: [], ...changes }))
      return 'none'
    } catch (error) {
      return (error as { kind: string }).kind
    }
  }
  expect(refusal({})).toBe('none')
  expect(refusal({ body: { ...body, nonce: body.nonce + 1n } })).toBe('SignatureInvalid')
  const bytes = signature!.signature
  for (const at of [40, bytes.length - 64, bytes.length - 1]) {
    const altered = bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expect(refusal({ signatures: [{ ...signature!, signature: altered }] }), `byte ${at}`).toBe(
      'SignatureInvalid',
    )
  }
}

test('LED-2: a passkey of Chromium signs a native transaction, and the ledger executes it', async () => {
  const page = await browser.open<typeof Page>(bundle)
  await addPasskeyDevice(page)
  const chain = S.newChain()
  const passkey = await page.call('createPasskey', 'alice')
  const body = fundedBody(chain, passkey.publicKey)
  const envelope = await page.call('signWithPasskey', chain.domains.native, body, passkey)
  expect(nativeOf(envelope).signatures.map(({ kind }) => kind)).toEqual([signatureKinds.webauthn])
  expectBound(chain, envelope)
  expectPaid(chain, envelope)
})

test('LED-2: the passkey of somebody else does not open an account', async () => {
  const page = await browser.open<typeof Page>(bundle)
  await addPasskeyDevice(page)
  const chain = S.newChain()
  const [own, other] = [
    await page.call('createPasskey', 'alice'),
    await page.call('createPasskey', 'mallory'),
  ]
  const body = fundedBody(chain, own.publicKey)
  const foreign = await page.call('signWithPasskey', chain.domains.native, body, other)
  expect(() => admit(chain, foreign)).toThrow(expect.objectContaining({ kind: 'AccountUnauthorized' }))
  const claimed = await page.call('signWithPasskey', chain.domains.native, body, {
    ...other,
    publicKey: own.publicKey,
  })
  expect(() => admit(chain, claimed)).toThrow(expect.objectContaining({ kind: 'SignatureInvalid' }))
})

test('LED-2: a key of Web Crypto that cannot be exported signs a native transaction, and the ledger executes it', async () => {
  const page = await browser.open<typeof Page>(bundle)
  const chain = S.newChain()
  const publicKey = await page.call('createKey')
  for (let i = 0; i < 8; i++) {
    const envelope = await page.call('signWithKey', chain.domains.native, fundedBody(chain, publicKey))
    expect(nativeOf(envelope).signatures.map(({ kind }) => kind)).toEqual([signatureKinds.p256])
    expectPaid(chain, envelope)
  }
})
