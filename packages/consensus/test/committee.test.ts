import { toHex } from '@banyan/base'
import {
  blsScheme,
  createCommittee,
  ed25519Scheme,
  hasQuorum,
  maxMembers,
  quorumOf,
  schemeOf,
  type Validator,
  type Vote,
  verifyPossession,
  voteMessages,
} from '@banyan/consensus'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from '@chainsafe/ssz'
import { describe, expect, test } from 'vitest'
import { certify, chain, realCommittee, sign } from './committees.js'
import { finalize, hashOf, notarize, nullify } from './harness.js'

const sszCommittee = new ContainerType({
  rule: new UintNumberType(1),
  validators: new ListCompositeType(
    new ContainerType({
      address: new ByteVectorType(20),
      ed25519Key: new ByteVectorType(32),
      blsKey: new ByteVectorType(48),
      weight: new UintNumberType(8),
    }),
    maxMembers,
  ),
})

test.each([1, 2, 5, 21])('CON-10: the hash of a committee of %i is its SSZ root', (count) => {
  const weights = Array.from({ length: count }, (_, i) => 2 ** 40 + i)
  for (const rule of ['byzantine', 'crash'] as const) {
    const { validators, hash } = realCommittee(native, weights, rule)
    const expected = sszCommittee.hashTreeRoot({
      rule: rule === 'byzantine' ? 0 : 1,
      validators: validators.map((validator) => ({ ...validator })),
    })
    expect(toHex(hash)).toBe(toHex(expected))
    expect(toHex(createCommittee(portable, 9, rule, validators).hash)).toBe(toHex(hash))
  }
})

test('CON-9: a crash-tolerant committee has another hash, quorum and domain', () => {
  const safe = realCommittee(native, [1, 1, 1, 1])
  const crash = realCommittee(native, [1, 1, 1, 1], 'crash')
  expect([safe.quorum, crash.quorum]).toEqual([3, 3])
  expect([realCommittee(native, [1, 1, 1]).quorum, realCommittee(native, [1, 1, 1], 'crash').quorum]).toEqual(
    [3, 2],
  )
  expect(safe.hash).not.toEqual(crash.hash)
  const vote = nullify(1)
  expect(voteMessages(native, chain, safe)(vote)).not.toEqual(voteMessages(native, chain, crash)(vote))
})

test('CON-1: a quorum is more than two thirds of the weight, exactly', () => {
  for (let total = 1; total <= 200; total++) {
    expect(quorumOf('byzantine', total)).toBe(Math.floor((2 * total) / 3) + 1)
    expect(quorumOf('crash', total)).toBe(Math.floor(total / 2) + 1)
  }
  for (let i = 0; i < 9; i++) {
    const total = Number.MAX_SAFE_INTEGER - i
    expect(BigInt(quorumOf('byzantine', total))).toBe((2n * BigInt(total)) / 3n + 1n)
    expect(BigInt(quorumOf('crash', total))).toBe(BigInt(total) / 2n + 1n)
  }
})

test('CON-1: signers are counted by weight, once each, in ascending order', () => {
  const committee = realCommittee(native, [1, 2, 3, 4])
  expect(committee.quorum).toBe(7)
  expect(hasQuorum(committee, [2, 3])).toBe(true)
  expect(hasQuorum(committee, [0, 1, 2])).toBe(false)
  expect(hasQuorum(committee, [3, 2])).toBe(false)
  expect(hasQuorum(committee, [3, 3])).toBe(false)
  expect(hasQuorum(committee, [2, 3, 4])).toBe(false)
})

describe('CON-10: invalid committees', () => {
  const { validators } = realCommittee(native, [1, 1])
  const [a, b] = validators as [Validator, Validator]
  test.each([
    ['nobody', []],
    ['too many', Array.from({ length: maxMembers + 1 }, () => a)],
    ['no weight', [{ ...a, weight: 0 }]],
    ['a fraction', [{ ...a, weight: 1.5 }]],
    ['too much weight', [{ ...a, weight: Number.MAX_SAFE_INTEGER }, b]],
    ['a key twice', [a, { ...b, blsKey: a.blsKey }]],
    ['a key twice', [a, { ...b, ed25519Key: a.ed25519Key }]],
    ['an address twice', [a, { ...b, address: a.address }]],
    ['a short key', [{ ...a, blsKey: a.blsKey.subarray(1) }]],
  ])('CON-10: %s', (_, wrong) => {
    expect(() => createCommittee(native, 0, 'byzantine', wrong)).toThrow(
      expect.objectContaining({ kind: 'CommitteeInvalid' }),
    )
  })

  test('CON-10: a BLS key that is no key', () => {
    const committee = createCommittee(native, 0, 'byzantine', [{ ...a, blsKey: new Uint8Array(48) }])
    expect(() => blsScheme(native, chain, committee)).toThrow(
      expect.objectContaining({ kind: 'CommitteeInvalid' }),
    )
  })
})

test('CON-10: ed25519 certificates below 34 members, BLS from there on', () => {
  const of = (count: number) =>
    schemeOf(
      native,
      chain,
      realCommittee(
        native,
        Array.from({ length: count }, () => 1),
      ),
    )
  expect(of(33).name).toBe('ed25519')
  expect(of(34).name).toBe('bls')
  const key = native.bls.publicKey(new Uint8Array(32).fill(5))
  expect(verifyPossession(portable, key, native.bls.provePossession(new Uint8Array(32).fill(5)))).toBe(true)
})

test('CON-1: a vote is bound to chain, genesis, epoch, committee, kind, view and block', () => {
  const committee = realCommittee(native, [1, 1, 1, 1])
  const id = hashOf('block')
  const roots = [
    voteMessages(native, chain, committee)(notarize(5, id)),
    voteMessages(native, chain, committee)(finalize(5, id)),
    voteMessages(native, chain, committee)(nullify(5)),
    voteMessages(native, chain, committee)(notarize(6, id)),
    voteMessages(native, chain, committee)(notarize(5, hashOf('other'))),
    voteMessages(native, { ...chain, chainId: 8n as never }, committee)(notarize(5, id)),
    voteMessages(native, { ...chain, genesisId: id }, committee)(notarize(5, id)),
    voteMessages(native, chain, { ...committee, epoch: 4 })(notarize(5, id)),
    voteMessages(native, chain, { ...committee, hash: id })(notarize(5, id)),
  ]
  expect(new Set(roots.map(toHex)).size).toBe(roots.length)
  expect(voteMessages(portable, chain, committee)(notarize(5, id))).toEqual(roots[0])
})

describe.each([
  ['ed25519', ed25519Scheme],
  ['bls', blsScheme],
] as const)('%s scheme', (_, create) => {
  test.each([native, portable])('CON-1: $name verifies single and combined votes', (provider) => {
    const committee = realCommittee(provider, [1, 1, 1, 1])
    const scheme = create(provider, chain, committee)
    const vote: Vote = notarize(2, hashOf('block'))
    const message = scheme.message(vote)
    const { signature } = sign(provider, scheme, 1, vote)
    expect(scheme.verify(message, 1, signature)).toBe(true)
    expect(scheme.verify(message, 2, signature)).toBe(false)
    expect(scheme.verify(message, 9, signature)).toBe(false)
    expect(scheme.verify(scheme.message(nullify(2)), 1, signature)).toBe(false)
    const { signature: combined } = certify(provider, scheme, 'byzantine', vote, [0, 1, 3])
    expect(scheme.verifyCombined(message, [0, 1, 3], combined)).toBe(true)
    expect(scheme.verifyCombined(message, [0, 1, 2], combined)).toBe(false)
    expect(scheme.verifyCombined(message, [0, 1], combined)).toBe(false)
    expect(scheme.verifyCombined(message, [0, 1, 9], combined)).toBe(false)
    const broken = scheme.combine([signature, new Uint8Array(3)])
    expect(scheme.verifyCombined(message, [1, 2], broken)).toBe(false)
  })
})
