import { asChainId, asHash, BanyanError, toHex } from '@banyan/base'
import { ed25519Address, portable, secp256k1Address } from '@banyan/crypto'
import {
  decodeEnvelope,
  describeTransaction,
  encodeEnvelope,
  type Native,
  signEthereum,
  signingDomains,
  type Transaction,
  verifyTransaction,
} from '@banyan/ledger'
import { describe, expect, test } from 'vitest'
import { referenceDomain, sha256 } from './reference.js'
import {
  account,
  chainId,
  domains,
  filled,
  genesisId,
  makeNative,
  makePackage,
  makeSponsored,
  nativeBody,
  otherSeed,
  provider,
  samples,
  secret,
  transfer,
  unsignedAccessList,
  unsignedEthereum,
  unsignedLegacy,
} from './samples.js'

const secpAddress = secp256k1Address(provider, provider.secp256k1.publicKey(secret))

function verify(tx: Transaction, of = domains) {
  return verifyTransaction(provider, of, tx, encodeEnvelope(tx))
}

const refusal = (kind: string) => expect.objectContaining({ kind })

describe('verification of transactions', () => {
  test('LED-3: the domains bind kind, chain id and genesis', () => {
    for (const kind of ['transfer', 'package', 'native', 'sponsor'] as const) {
      expect(toHex(domains[kind])).toBe(toHex(referenceDomain(`banyan/${kind}`, chainId, genesisId)))
    }
    expect(domains.chainId).toBe(chainId)
  })

  test.each(samples)('LED-3: a valid transaction is accepted by both back ends: %s', (_, tx) => {
    const bytes = encodeEnvelope(tx)
    const verified = verifyTransaction(provider, domains, tx, bytes)
    const sender = tx.kind === 'ethereum' ? secpAddress : account
    expect(verified.sender).toEqual(sender)
    expect(verified.signers[0]).toEqual(sender)
    expect(verified).toMatchObject(describeTransaction(provider, domains, tx, bytes))
    expect(verifyTransaction(portable, domains, decodeEnvelope(bytes), bytes)).toEqual(verified)
  })

  test('LED-3: the seal covers what the id does not', () => {
    for (const [, tx] of samples) {
      const bytes = encodeEnvelope(tx)
      const { id, seal } = describeTransaction(provider, domains, tx, bytes)
      if (tx.kind === 'ethereum') {
        expect([id, seal]).toEqual([provider.keccak256(bytes), filled(32, 0)])
      } else {
        expect(seal).toEqual(tx.kind === 'native' ? sha256(bytes) : sha256(tx.signature))
      }
    }
  })

  test('LED-3: the address of a sponsor that signed is reported', () => {
    const verified = verify(makeSponsored())
    expect(verified.signers).toEqual([account, secpAddress])
    expect(verified.sponsorSigner).toEqual(ed25519Address(provider, provider.ed25519.publicKey(otherSeed)))
    expect(verify(makeNative(nativeBody)).sponsorSigner).toBeUndefined()
  })

  test('LED-3: native and Ethereum transactions of another chain are refused', () => {
    const unsigned = [unsignedLegacy, unsignedAccessList, unsignedEthereum]
    const signed = [...unsigned.map((tx) => signEthereum(provider, tx, secret)), makeNative(nativeBody)]
    for (const id of [4241n, 4243n]) {
      const other = { ...domains, chainId: asChainId(id) }
      for (const tx of signed) expect(() => verify(tx, other)).toThrow(refusal('ChainWrong'))
    }
  })

  test('LED-3: transfers, packages and native transactions of another genesis or chain are refused', () => {
    const otherGenesis = signingDomains(provider, chainId, asHash(filled(32, 0x98)))
    const otherChain = { ...signingDomains(provider, asChainId(4243n), genesisId), chainId }
    for (const foreign of [otherGenesis, otherChain]) {
      for (const tx of [transfer, makePackage(2), makeNative(nativeBody)]) {
        expect(() => verify(tx, foreign)).toThrow(refusal('SignatureInvalid'))
      }
    }
  })

  test('LED-3: a change of any signed byte of a transfer or package invalidates it', () => {
    // Count and mode of a package, and a tip above the fee, have errors of their own.
    const otherErrors = { transfer: [113, 120], package: [85, 96] } as const
    for (const tx of [transfer, makePackage(2)]) {
      const bytes = encodeEnvelope(tx)
      const [first, last] = otherErrors[tx.kind]
      for (let at = 1; at < bytes.length; at++) {
        const altered = bytes.slice()
        altered[at]! ^= 1
        const run = () => verifyTransaction(provider, domains, decodeEnvelope(altered), altered)
        if (at >= first && at <= last) expect(run).toThrow(BanyanError)
        else expect(run).toThrow(refusal('SignatureInvalid'))
      }
    }
  })

  test('LED-5: the signature of a package covers its mode and fees', () => {
    const tx = makePackage(2)
    for (const change of [{ mode: 'perItem' as const }, { maxFee: tx.maxFee + 1 }, { tip: tx.tip + 1 }]) {
      expect(() => verify({ ...tx, ...change })).toThrow(refusal('SignatureInvalid'))
    }
  })

  test('LED-3: an altered Ethereum transaction has another sender, or none', () => {
    const tx = signEthereum(provider, unsignedEthereum, secret)
    expect(verify({ ...tx, value: tx.value + 1n }).sender).not.toEqual(secpAddress)
    // 5 is not the x coordinate of a point of the curve.
    const r = filled(32, 0)
    r[31] = 5
    expect(() => verify({ ...tx, r })).toThrow(refusal('SignatureInvalid'))
  })

  test('LED-3: a tip above the fee limit is refused', () => {
    const excessive: readonly Transaction[] = [
      { ...transfer, tip: transfer.maxFee + 1 },
      { ...makePackage(1), tip: 70_001 },
      makeNative({ ...nativeBody, tipPerGas: nativeBody.maxFeePerGas + 1n }),
      signEthereum(
        provider,
        { ...unsignedEthereum, maxPriorityFeePerGas: unsignedEthereum.maxFeePerGas + 1n },
        secret,
      ),
    ]
    for (const tx of excessive) expect(() => verify(tx)).toThrow(refusal('TipAboveFee'))
    const equal = { ...nativeBody, tipPerGas: nativeBody.maxFeePerGas }
    expect(verify(makeNative(equal)).sender).toEqual(account)
  })

  test('LED-3: native transactions that nobody or a stranger signed are refused', () => {
    const tx = makeNative(nativeBody)
    expect(() => verify({ ...tx, signatures: [] })).toThrow(refusal('AccountUnauthorized'))
    const altered: Native = { ...tx, body: { ...tx.body, nonce: tx.body.nonce + 1n } }
    expect(() => verify(altered)).toThrow(refusal('SignatureInvalid'))
    expect(() => verify({ ...tx, signatures: [tx.signatures[0]!, tx.signatures[0]!] })).toThrow(
      refusal('AccountUnauthorized'),
    )
  })

  test('LED-3: a sponsor that did not sign this transaction and cap is refused', () => {
    const tx = makeSponsored()
    const [promise] = tx.sponsor
    expect(() => verify({ ...tx, sponsor: [] })).toThrow(refusal('SponsorRefused'))
    expect(() => verify({ ...tx, sponsor: [{ ...promise!, maxFee: 1n }] })).toThrow(refusal('SponsorRefused'))
  })
})
