import { concatBytes, fromHex, utf8 } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { testSeed } from '@banyan/testing'
import { bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { expect, test } from 'vitest'
import { answerRandom } from './browser/answers.js'
import type * as Page from './browser/page.js'
import { rfc8032, speccheck } from './vectors/ed25519.js'
import { rfc6979 } from './vectors/p256.js'
import { eip155 } from './vectors/secp256k1.js'

const bundle = await bundleForBrowser(new URL('./browser/page.ts', import.meta.url))
const browser = useBrowser()

test('LED-2, LED-7: Chromium gives the published answers for ed25519, secp256k1 and P-256', async () => {
  const page = await browser.open<typeof Page>(bundle)
  expect(await page.call('nodeGlobals')).toEqual([])
  const zeroX = (texts: readonly string[]) => texts.map((text) => `0x${text}`)
  expect(await page.call('vectors')).toEqual({
    ed25519Keys: zeroX(rfc8032.map(([, , key]) => key)),
    ed25519Signatures: zeroX(rfc8032.map(([, , , , signature]) => signature)),
    ed25519Verdicts: rfc8032.map(() => true),
    ed25519EdgeCases: speccheck.map(([, , , , verdict]) => verdict),
    ed25519SmallOrder: [],
    secp256k1Signature: `0x${eip155.signature}`,
    secp256k1Address: eip155.address,
    p256Key: `0x${rfc6979.publicKey}`,
    p256Nonces: zeroX(rfc6979.signatures.map(([, r]) => r)),
  })
})

test('LED-2, LED-7: Chromium and the native back end answer random questions alike', async () => {
  const page = await browser.open<typeof Page>(bundle)
  const seed = testSeed('answers in a browser')
  const answers = await page.call('randoms', seed, 40)
  expect(answers).toEqual(answerRandom(native, seed, 40))
  for (const { verdicts, nistVerdicts } of answers)
    expect([verdicts, nistVerdicts]).toEqual([
      [true, false],
      [true, false],
    ])
})

test('LED-2: P-256 signatures hold between this package and Web Crypto, in either direction', async () => {
  const page = await browser.open<typeof Page>(bundle)
  const secret = fromHex(rfc6979.secret)!
  const message = utf8('across')
  const signature = native.p256.sign(native.sha256(message), secret)
  const publicKey = native.p256.publicKey(secret)
  expect(await page.call('webCryptoVerifies', signature, message, publicKey)).toBe(true)
  expect(await page.call('webCryptoVerifies', signature, concatBytes(message, message), publicKey)).toBe(
    false,
  )
  for (const { isLow, given, low, other } of await page.call('judgeWebCrypto', 32)) {
    expect([low, other, given]).toEqual([true, false, isLow])
  }
})
