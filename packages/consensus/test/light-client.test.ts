import {
  blsScheme,
  type Certificate,
  type Committee,
  type EpochRules,
  type Evidence,
  ed25519Scheme,
  roundRobin,
  type Vote,
  type VotingScheme,
  verifyCertificate,
  verifyEvidence,
  verifyJustification,
} from '@banyan/consensus'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certify, chain, realCommittee, sign } from './committees.js'
import { finalize, hashOf, notarize, nullify, start } from './harness.js'

const weights = [1, 2, 3, 4, 5]
const create = { ed25519: ed25519Scheme, bls: blsScheme } as const

/** Everything that a light client is given: a committee that it trusts, and the certificate of a block. */
function setting(name: keyof typeof create) {
  const committee = realCommittee(native, weights)
  const scheme = create[name](native, chain, committee)
  const vote = finalize(9, hashOf('block 9'))
  // 3 + 4 + 5 of 15, where 11 are needed.
  const certificate = certify(native, scheme, 'byzantine', vote, [2, 3, 4])
  return { committee, scheme, vote, certificate }
}

/** One change of a certificate or of what it is checked against. */
type Mutation = (certificate: Certificate, committee: Committee) => readonly [Certificate, Committee]

const changed = (patch: (certificate: Certificate) => Partial<Certificate>): Mutation => {
  return (certificate, committee) => [{ ...certificate, ...patch(certificate) }, committee]
}

const voteOf = (patch: Partial<{ kind: Vote['kind']; view: number; blockId: Uint8Array }>): Mutation =>
  changed(({ vote }) => ({ vote: { ...vote, ...patch } as Vote }))

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ place: fc.nat(), bit: fc.nat(7) }).map(({ place, bit }) =>
    changed(({ signature }) => {
      const copy = signature.slice()
      copy[place % copy.length]! ^= 1 << bit
      return { signature: copy }
    }),
  ),
  fc.nat(96).map((length) => changed(({ signature }) => ({ signature: signature.slice(0, length - 1) }))),
  fc
    .uniqueArray(fc.nat(6), { maxLength: 5 })
    .filter((signers) => signers.join() !== '2,3,4')
    .map((signers) => changed(() => ({ signers }))),
  fc.constant(changed(() => ({ rule: 'crash' as const }))),
  fc
    .nat(1000)
    .filter((view) => view !== 9)
    .map((view) => voteOf({ view })),
  fc.constantFrom('notarize' as const, 'nullify' as const).map((kind) => voteOf({ kind })),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((blockId) => voteOf({ blockId })),
  fc.nat(4).map(
    (member): Mutation =>
      (certificate, committee) => {
        const validators = committee.validators.map((validator, i) => ({
          ...validator,
          weight: i === member ? validator.weight + 1 : validator.weight,
        }))
        return [certificate, realCommitteeOf(validators.map(({ weight }) => weight))]
      },
  ),
  fc.constant<Mutation>((certificate, committee) => [
    certificate,
    { ...committee, epoch: committee.epoch + 1 },
  ]),
)

const realCommitteeOf = (all: readonly number[]): Committee => realCommittee(native, all)

describe.each(['ed25519', 'bls'] as const)('CON-10: a light client with %s', (name) => {
  test.each([native, portable])('CON-10: accepts honest certificates ($name)', (provider) => {
    const { committee, certificate } = setting(name)
    expect(verifyCertificate(committee, create[name](provider, chain, committee), certificate)).toBe(true)
  })

  test('CON-10: refuses every change of certificate, committee or epoch', () => {
    const { committee, certificate } = setting(name)
    fc.assert(
      fc.property(mutations, (mutate) => {
        const [wrong, judge] = mutate(certificate, committee)
        const scheme: VotingScheme = create[name](native, chain, judge)
        expect(verifyCertificate(judge, scheme, wrong)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('CON-10: refuses a certificate without enough weight', () => {
    const { committee, scheme, vote } = setting(name)
    expect(verifyCertificate(committee, scheme, certify(native, scheme, 'byzantine', vote, [0, 3, 4]))).toBe(
      false,
    )
    expect(verifyCertificate(committee, scheme, certify(native, scheme, 'byzantine', vote, [1, 3, 4]))).toBe(
      true,
    )
  })

  test('CON-1: evidence convicts whoever signed, and nobody else', () => {
    const { committee, scheme } = setting(name)
    const rules: EpochRules = { committee, scheme, leaderOf: roundRobin(5), start }
    const by = (signer: number, vote: Vote) => sign(native, scheme, signer, vote)
    const [a, b] = [hashOf('a'), hashOf('b')]
    const pair = (first: Vote, second: Vote): Evidence => ({
      kind: 'votes',
      first: by(1, first),
      second: by(1, second),
    })
    expect(verifyEvidence(rules, pair(notarize(1, a), notarize(1, b)))).toBe(true)
    expect(verifyEvidence(rules, pair(nullify(1), finalize(1, b)))).toBe(true)
    expect(verifyEvidence(rules, pair(finalize(1, a), finalize(1, b)))).toBe(true)
    expect(verifyEvidence(rules, pair(finalize(1, a), notarize(1, b)))).toBe(true)
    expect(verifyEvidence(rules, pair(notarize(1, a), notarize(1, a)))).toBe(false)
    expect(verifyEvidence(rules, pair(notarize(1, a), nullify(1)))).toBe(false)
    expect(verifyEvidence(rules, pair(notarize(1, a), finalize(1, a)))).toBe(false)
    expect(verifyEvidence(rules, pair(notarize(1, a), notarize(2, b)))).toBe(false)
    expect(verifyEvidence(rules, pair(nullify(2), finalize(1, b)))).toBe(false)
    const framed = { ...by(2, notarize(1, b)), signer: 1 }
    expect(verifyEvidence(rules, { kind: 'votes', first: by(1, notarize(1, a)), second: framed })).toBe(false)
    const others: Evidence = { kind: 'votes', first: by(1, notarize(1, a)), second: by(2, notarize(1, b)) }
    expect(verifyEvidence(rules, others)).toBe(false)
  })

  test('CON-1: a justification holds only for its own block, and a vote for a wrong one is evidence', () => {
    const { committee, scheme } = setting(name)
    const rules: EpochRules = { committee, scheme, leaderOf: roundRobin(5), start }
    const by = (vote: Vote) => certify(native, scheme, 'byzantine', vote, [2, 3, 4])
    const block = {
      id: hashOf('block 4'),
      view: 4,
      height: 2,
      parentId: hashOf('block 1'),
      parentView: 1,
      proposer: 3,
      justification: {
        parent: by(notarize(1, hashOf('block 1'))),
        skipped: [by(nullify(2)), by(nullify(3))],
      },
    }
    const { parent, skipped } = block.justification
    expect(verifyJustification(rules, block)).toBe(true)
    const final = { ...block, justification: { parent: by(finalize(1, hashOf('block 1'))), skipped } }
    expect(verifyJustification(rules, final)).toBe(true)
    const wrong = [
      { ...block, view: 5, proposer: 4 },
      { ...block, proposer: 2 },
      { ...block, parentView: 0 },
      { ...block, parentView: 4 },
      { ...block, parentView: -1 },
      { ...block, parentId: hashOf('block 2') },
      { ...block, height: 0 },
      { ...block, justification: { parent: undefined, skipped } },
      { ...block, justification: { parent, skipped: [by(nullify(2))] } },
      { ...block, justification: { parent, skipped: [by(nullify(3)), by(nullify(2))] } },
      { ...block, justification: { parent, skipped: [by(nullify(2)), by(notarize(3, block.id))] } },
      {
        ...block,
        justification: { parent, skipped: [by(nullify(2)), { ...by(nullify(3)), signers: [1, 3, 4] }] },
      },
      { ...block, justification: { parent: by(nullify(1)), skipped } },
      { ...block, justification: { parent: by(notarize(2, hashOf('block 1'))), skipped } },
      {
        ...block,
        justification: { parent: { ...by(notarize(1, hashOf('block 1'))), signers: [0, 3, 4] }, skipped },
      },
    ]
    const vote = sign(native, scheme, 3, notarize(4, block.id))
    for (const bad of wrong) {
      expect(verifyJustification(rules, bad)).toBe(false)
      const convicts = bad.view === 4
      expect(verifyEvidence(rules, { kind: 'justification', vote, block: bad })).toBe(convicts)
    }
    expect(verifyEvidence(rules, { kind: 'justification', vote, block })).toBe(false)
    const forged = { ...vote, signer: 2 }
    expect(verifyEvidence(rules, { kind: 'justification', vote: forged, block: wrong[1]! })).toBe(false)
  })

  test('CON-1: a block on the start of its epoch needs no parent certificate, and must name the start', () => {
    const { committee, scheme } = setting(name)
    const rules: EpochRules = { committee, scheme, leaderOf: roundRobin(5), start }
    const block = {
      id: hashOf('first'),
      view: 1,
      height: 1,
      parentId: start.id,
      parentView: 0,
      proposer: 0,
      justification: { parent: undefined, skipped: [] },
    }
    expect(verifyJustification(rules, block)).toBe(true)
    expect(verifyJustification(rules, { ...block, parentId: hashOf('elsewhere') })).toBe(false)
  })
})
