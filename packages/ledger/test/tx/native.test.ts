import { createHash } from 'node:crypto'
import { asAddress, asAssetId, asChainId, asHash, asHeight, toHex, utf8 } from '@banyan/base'
import { ed25519Address, p256Address, portable, secp256k1Address } from '@banyan/crypto'
import {
  decodeNative,
  encodeNative,
  type Native,
  nativeId,
  nativeSigners,
  type Signature,
  signatureKinds,
  signEd25519,
  signerAddress,
  signP256,
  signSecp256k1,
  sponsorDigest,
  sponsorSignerAddress,
  webauthnSignature,
} from '@banyan/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { looseEnvelope, referenceNativeId, sha256 } from './reference.js'
import {
  account,
  domains,
  filled,
  fullBody,
  makeNative,
  makeSponsored,
  nativeBody,
  otherSeed,
  provider,
  secret,
  seed,
} from './samples.js'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const address = bytes(20).map(asAddress)
const uint = (bits: bigint) => fc.bigInt(0n, 2n ** bits - 1n)
const bodies = fc.record({
  chainId: uint(64n).map(asChainId),
  account: address,
  mark: bytes(32).map(asHash),
  validUntil: uint(64n).map(asHeight),
  nonce: uint(64n),
  gasLimit: uint(64n),
  maxFeePerGas: uint(128n),
  tipPerGas: uint(128n),
  sponsor: address,
  calls: fc.array(fc.record({ to: address, value: uint(128n), data: fc.uint8Array({ maxLength: 200 }) }), {
    maxLength: 5,
  }),
  accessKeys: fc.array(
    fc.record({ kind: fc.constant(2), write: fc.boolean(), owner: address, key: bytes(32).map(asHash) }),
    { maxLength: 9 },
  ),
  postConditions: fc.array(
    fc.record({ account: address, asset: fc.nat(2 ** 31 - 1).map(asAssetId), maxSpent: uint(128n) }),
    { maxLength: 16 },
  ),
})

/** What an authenticator signs for `challenge`, and its signature. */
function assertion(challenge: Uint8Array) {
  const clientDataJSON = utf8(
    JSON.stringify({
      type: 'webauthn.get',
      challenge: Buffer.from(challenge).toString('base64url'),
      origin: 'https://a.b',
    }),
  )
  const authenticatorData = new Uint8Array(37)
  authenticatorData[32] = 1
  const hash = sha256(authenticatorData, createHash('sha256').update(clientDataJSON).digest())
  return { authenticatorData, clientDataJSON, signature: provider.p256.sign(hash, secret) }
}

const p256Key = provider.p256.publicKey(secret)
const p256Signer = p256Address(provider, p256Key)

describe('native transactions', () => {
  test('LED-3: the id agrees with the SSZ library for random bodies, in both crypto back ends', () => {
    const check = (body: typeof nativeBody) => {
      const expected = toHex(referenceNativeId(body, domains.native))
      expect(toHex(nativeId(provider, domains.native, body))).toBe(expected)
      expect(toHex(nativeId(portable, domains.native, body))).toBe(expected)
    }
    check(nativeBody)
    check(fullBody)
    fc.assert(fc.property(bodies, check), { numRuns: 200, seed: 5 })
  })

  test('LED-3: the id agrees with the SSZ library when every list is full', () => {
    const body = {
      ...fullBody,
      calls: Array.from({ length: 64 }, (_, i) => ({ ...fullBody.calls[0]!, data: filled(i, i) })),
      accessKeys: Array.from({ length: 256 }, () => fullBody.accessKeys[2]!),
      postConditions: Array.from({ length: 16 }, () => fullBody.postConditions[0]!),
    }
    expect(toHex(nativeId(provider, domains.native, body))).toBe(
      toHex(referenceNativeId(body, domains.native)),
    )
    const largeCall = { ...nativeBody, calls: [{ ...nativeBody.calls[0]!, data: filled(65_536, 1) }] }
    expect(toHex(nativeId(provider, domains.native, largeCall))).toBe(
      toHex(referenceNativeId(largeCall, domains.native)),
    )
    expect(decodeNative(encodeNative(makeNative(body)))).toEqual(makeNative(body))
    expect(decodeNative(encodeNative(makeNative(largeCall)))).toEqual(makeNative(largeCall))
  })

  test('LED-3: random transactions survive a round trip, with the bytes that the SSZ library writes', () => {
    const given = makeSponsored()
    const roundTrip = (body: typeof nativeBody, count: number, isSponsored: boolean) => {
      const signatures = given.signatures.slice(0, count)
      const hasSponsor = isSponsored && body.sponsor.some((byte) => byte !== 0)
      const tx: Native = { kind: 'native', body, signatures, sponsor: hasSponsor ? given.sponsor : [] }
      expect(decodeNative(encodeNative(tx))).toEqual(tx)
      expect(encodeNative(tx)).toEqual(looseEnvelope(tx))
    }
    fc.assert(fc.property(bodies, fc.nat(2), fc.boolean(), roundTrip), { numRuns: 200, seed: 6 })
  })

  test('LED-2: each signature kind yields the address of its key', () => {
    const id = nativeId(provider, domains.native, nativeBody)
    const signatures = [
      signEd25519(provider, id, seed),
      signSecp256k1(provider, id, secret),
      webauthnSignature(assertion(id), p256Key),
    ]
    const tx = makeNative(nativeBody, signatures)
    const expected = [account, secp256k1Address(provider, provider.secp256k1.publicKey(secret)), p256Signer]
    expect(nativeSigners(provider, tx, id)).toEqual(expected)
    expect(nativeSigners(portable, decodeNative(encodeNative(tx)), id)).toEqual(expected)
    expect(nativeSigners(provider, makeNative(nativeBody, [signP256(provider, id, secret)]), id)).toEqual([
      p256Signer,
    ])
  })

  test('LED-2: a signature of any kind over another digest, or altered anywhere, names no signer', () => {
    const id = nativeId(provider, domains.native, nativeBody)
    const other = nativeId(provider, domains.native, fullBody)
    const signatures = [
      signEd25519(provider, id, seed),
      signSecp256k1(provider, id, secret),
      webauthnSignature(assertion(id), p256Key),
      signP256(provider, id, secret),
    ]
    for (const signature of signatures) {
      const signer = signerAddress(provider, id, signature)!
      expect(signer).toBeDefined()
      expect(signerAddress(provider, other, signature)).not.toEqual(signer)
      for (let i = 0; i < signature.signature.length; i += 7) {
        const altered = signature.signature.slice()
        altered[i]! ^= 1
        expect(signerAddress(provider, id, { ...signature, signature: altered })).not.toEqual(signer)
      }
    }
  })

  test('LED-2: a key that signs twice is refused, even by two kinds of signature', () => {
    const id = nativeId(provider, domains.native, nativeBody)
    const once = signEd25519(provider, id, seed)
    const pairs: readonly (readonly Signature[])[] = [
      [once, once],
      [webauthnSignature(assertion(id), p256Key), signP256(provider, id, secret)],
    ]
    for (const signatures of pairs) {
      expect(() => nativeSigners(provider, makeNative(nativeBody, signatures), id)).toThrow(
        expect.objectContaining({ kind: 'AccountUnauthorized' }),
      )
    }
  })

  test('LED-2: one invalid signature among valid ones leaves no signers', () => {
    const id = nativeId(provider, domains.native, nativeBody)
    const wrong = signEd25519(provider, filled(32, 1), otherSeed)
    const tx = makeNative(nativeBody, [signEd25519(provider, id, seed), wrong])
    expect(nativeSigners(provider, tx, id)).toBeUndefined()
  })

  test('LED-3: the sponsor signs the id and its cap under its own domain', () => {
    const tx = makeSponsored()
    const id = nativeId(provider, domains.native, tx.body)
    const sponsor = ed25519Address(provider, provider.ed25519.publicKey(otherSeed))
    expect(sponsorSignerAddress(provider, domains.sponsor, tx, id)).toEqual(sponsor)
    const cap = new Uint8Array(32)
    cap.set(new Uint8Array(Buffer.from('0de0b6b3a7640000', 'hex')).reverse())
    expect(toHex(sponsorDigest(provider, domains.sponsor, id, 10n ** 18n))).toBe(
      toHex(sha256(sha256(id, cap), domains.sponsor)),
    )
    const [promise] = tx.sponsor
    const raised = { ...tx, sponsor: [{ ...promise!, maxFee: promise!.maxFee + 1n }] }
    expect(sponsorSignerAddress(provider, domains.sponsor, raised, id)).toBeUndefined()
    expect(sponsorSignerAddress(provider, domains.native, tx, id)).toBeUndefined()
    expect(sponsorSignerAddress(provider, domains.sponsor, { ...tx, sponsor: [] }, id)).toBeUndefined()
  })

  test('LED-3: a body or list that the format cannot hold is neither encoded nor hashed', () => {
    const call = nativeBody.calls[0]!
    const refused = [
      { ...nativeBody, maxFeePerGas: 2n ** 128n },
      { ...nativeBody, nonce: -1n },
      { ...nativeBody, account: asAddress(filled(21, 1)) },
      { ...nativeBody, mark: asHash(filled(31, 1)) },
      { ...nativeBody, calls: Array.from({ length: 65 }, () => call) },
      { ...nativeBody, calls: [{ ...call, data: filled(65_537, 0) }] },
      { ...nativeBody, calls: [{ ...call, value: 2n ** 128n }] },
      { ...nativeBody, accessKeys: Array.from({ length: 257 }, () => fullBody.accessKeys[0]!) },
      { ...nativeBody, postConditions: Array.from({ length: 17 }, () => fullBody.postConditions[0]!) },
      { ...nativeBody, postConditions: [{ ...fullBody.postConditions[0]!, asset: asAssetId(2 ** 32) }] },
    ]
    const error = expect.objectContaining({ kind: 'OptionInvalid' })
    for (const body of refused) {
      expect(() => nativeId(provider, domains.native, body)).toThrow(error)
      expect(() => encodeNative({ kind: 'native', body, signatures: [], sponsor: [] })).toThrow(error)
    }
    const signature = makeNative(nativeBody).signatures[0]!
    const many = makeNative(
      nativeBody,
      Array.from({ length: 17 }, () => signature),
    )
    expect(() => encodeNative(many)).toThrow(error)
    const [promise] = makeSponsored().sponsor
    expect(() => encodeNative({ ...makeSponsored(), sponsor: [promise!, promise!] })).toThrow(error)
    const unknownKind = makeNative(nativeBody, [{ ...signature, kind: 4 }])
    expect(() => encodeNative(unknownKind)).toThrow(expect.objectContaining({ kind: 'TransactionMalformed' }))
    expect(
      signerAddress(provider, filled(32, 0), { ...signature, kind: signatureKinds.p256 }),
    ).toBeUndefined()
  })
})
