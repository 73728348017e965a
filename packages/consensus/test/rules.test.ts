import { equalBytes } from '@banyan/base'
import type { CoreEffect } from '@banyan/consensus'
import { describe, expect, test } from 'vitest'
import {
  blockAt,
  evidenceIn,
  finalize,
  mockCertificate,
  mockSigner,
  mockVote,
  notarize,
  nullify,
  proposal,
  sent,
  single,
} from './harness.js'

/** A core of member 3 in view 1, whose leader is member 0. */
function follower(memory?: Parameters<typeof mockSigner>[1]) {
  const node = single(3, memory && { signer: mockSigner(3, memory) })
  node.step({ kind: 'start' })
  return node
}

const first = blockAt(1, undefined)
const other = blockAt(1, undefined, 'other')

describe('CON-1: votes of one signer', () => {
  test('CON-1: a valid proposal is stored, notarized and finalized, each vote recorded before it is sent', () => {
    const node = follower()
    const voting = node.accept(first).map(({ kind }) => kind)
    expect(voting.filter((kind) => kind !== 'wake')).toEqual(['check', 'store', 'persist', 'send'])
    const effects = node.hear(1, { kind: 'vote', vote: mockVote(1, notarize(1, first.id)) })
    const kinds = effects.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind !== 'wake')).toEqual(['send', 'keep', 'persist', 'send'])
    expect(sent(effects)).toEqual(['certificate notarize 1 to 1', 'finalize 1'])
    const record = effects.find((effect) => effect.kind === 'persist')
    expect(record?.record).toMatchObject({
      view: 1,
      notarized: first.id,
      nullified: false,
      finalized: first.id,
    })
  })

  test('CON-1: an invalid payload is not notarized, and its view is given up at once (S1)', () => {
    const node = follower()
    node.hear(0, proposal(first))
    const effects = node.step({ kind: 'checked', view: 1, blockId: first.id, valid: false })
    expect(sent(effects)).toEqual(['nullify 1'])
  })

  test('CON-1: of two proposals of one leader the first is voted for and both are evidence (S1, E1)', () => {
    const node = follower()
    expect(sent(node.accept(first))).toEqual(['notarize 1'])
    const effects = node.accept(other)
    expect(sent(effects)).toEqual([])
    expect(evidenceIn(effects)).toMatchObject([
      { kind: 'votes', first: { signer: 0 }, second: { signer: 0 } },
    ])
  })

  test('CON-1: a proposal by anybody but the leader is passed over', () => {
    const node = follower()
    expect(node.hear(1, proposal({ ...first, proposer: 1 }))).toEqual([{ kind: 'refused' }])
    const wrongVote = { ...proposal(first), vote: mockVote(1, notarize(1, first.id)) } as never
    expect(node.hear(0, wrongVote)).toEqual([])
  })

  test.each([
    [
      'a missing nullification',
      (b: typeof first) => ({ ...b, justification: { ...b.justification, skipped: [] } }),
    ],
    [
      'a forged certificate of its parent',
      (b: typeof first) => ({
        ...b,
        justification: { ...b.justification, parent: mockCertificate(notarize(1, first.id), [0, 1]) },
      }),
    ],
    [
      'a certificate of another block',
      (b: typeof first) => ({
        ...b,
        justification: { ...b.justification, parent: mockCertificate(notarize(1, other.id)) },
      }),
    ],
    [
      'a nullification of another view',
      (b: typeof first) => ({
        ...b,
        justification: { ...b.justification, skipped: [mockCertificate(nullify(1))] },
      }),
    ],
  ])('CON-1: %s makes a proposal evidence (S1, E4)', (_, damage) => {
    const node = follower()
    const block = damage(blockAt(3, first))
    const effects = node.hear(block.proposer, proposal(block))
    expect(evidenceIn(effects)).toMatchObject([{ kind: 'justification', vote: { signer: 2 } }])
    expect(effects.some(({ kind }) => kind === 'check')).toBe(false)
  })

  test('CON-1: a view that was given up is neither notarized nor finalized (S2, S3)', () => {
    const node = follower()
    expect(sent(node.step({ kind: 'time' }, 1200))).toEqual(['nullify 1'])
    expect(sent(node.accept(first))).toEqual([])
    const effects = node.hear(1, { kind: 'certificate', certificate: mockCertificate(notarize(1, first.id)) })
    expect(effects.some(({ kind }) => kind === 'store')).toBe(true)
    expect(sent(effects)).toEqual([])
    expect(node.core.view).toBe(2)
  })

  test('CON-1: a finalized view is not given up after a restart (S2)', () => {
    const record = { epoch: 0, view: 1, notarized: first.id, nullified: false, finalized: first.id }
    const node = follower({ floor: 0, records: [record] })
    for (let i = 0; i < 5; i++) expect(sent(node.step({ kind: 'time' }, 5000))).not.toContain('nullify 1')
  })

  test('CON-1: beside an own notarization no other block is finalized (S3)', () => {
    const record = { epoch: 0, view: 1, notarized: other.id, nullified: false, finalized: undefined }
    const node = follower({ floor: 0, records: [record] })
    node.accept(first)
    const effects = node.hear(1, { kind: 'certificate', certificate: mockCertificate(notarize(1, first.id)) })
    expect(sent(effects)).toEqual([])
  })

  test('CON-1: a block that is not checked here is not finalized, but one checked later is (S3)', () => {
    const node = follower()
    const certificate = mockCertificate(notarize(1, first.id))
    expect(sent(node.hear(1, { kind: 'certificate', certificate }))).toEqual([])
    expect(sent(node.accept(first))).toEqual(['finalize 1'])
  })

  test('CON-1: nothing is signed at or below the floor (P2)', () => {
    const node = single(3, {
      signer: mockSigner(3, { floor: 2, records: [] }),
      certificates: [],
    })
    node.step({ kind: 'start' })
    expect(node.core.view).toBe(3)
    expect(sent(node.accept(first))).toEqual([])
    const effects = node.hear(1, { kind: 'certificate', certificate: mockCertificate(notarize(1, first.id)) })
    expect(sent(effects)).toEqual([])
  })

  test('CON-1: after a restart the view after the highest certificate is entered, and old votes are sent again (P3)', () => {
    const record = { epoch: 0, view: 4, notarized: undefined, nullified: true, finalized: undefined }
    const node = single(3, {
      signer: mockSigner(3, { floor: 0, records: [record] }),
      certificates: [mockCertificate(nullify(2)), mockCertificate(nullify(3))],
    })
    const effects = node.step({ kind: 'start' })
    expect(node.core.view).toBe(4)
    expect(sent(effects)).toContain('nullify 4')
    expect(sent(node.accept(blockAt(4, undefined)))).toEqual([])
  })

  test('CON-1: an observer follows and never sends', () => {
    const node = single(undefined)
    const effects: CoreEffect[] = [...node.step({ kind: 'start' }), ...node.accept(first)]
    for (const signer of [0, 1, 2]) {
      effects.push(...node.hear(signer, { kind: 'vote', vote: mockVote(signer, notarize(1, first.id)) }))
      effects.push(...node.hear(signer, { kind: 'vote', vote: mockVote(signer, finalize(1, first.id)) }))
    }
    effects.push(...node.step({ kind: 'time' }, 60_000))
    expect(effects.filter(({ kind }) => kind === 'send' || kind === 'persist')).toEqual([])
    expect(effects.filter(({ kind }) => kind === 'final')).toHaveLength(1)
  })
})

describe('CON-1: blocks from the host', () => {
  const vote = mockVote(0, notarize(1, first.id))

  test('CON-1: a block kept over a restart is voted for with the vote of its proposer, and not without', () => {
    expect(sent(follower().step({ kind: 'block', block: first, vote }))).toEqual(['notarize 1'])
    expect(sent(follower().step({ kind: 'block', block: first, vote: undefined }))).toEqual([])
  })

  test('CON-1: a block of the host goes through the checks of a proposal before it is voted for (S1)', () => {
    const forged = { ...vote, signature: new Uint8Array(4) }
    expect(sent(follower().step({ kind: 'block', block: first, vote: forged }))).toEqual([])
    expect(sent(follower().step({ kind: 'block', block: first, vote: mockVote(1, vote.vote) }))).toEqual([])
    const unjustified = { ...first, parentId: other.id }
    expect(sent(follower().step({ kind: 'block', block: unjustified, vote }))).toEqual([])
  })
})

describe('CON-1: evidence and wrong votes', () => {
  test.each([
    ['E1', notarize(1, first.id), notarize(1, other.id)],
    ['E2', nullify(1), finalize(1, first.id)],
    ['E3', finalize(1, first.id), finalize(1, other.id)],
    ['E3', notarize(1, first.id), finalize(1, other.id)],
  ])('CON-1: %s convicts, in either order and once', (_, a, b) => {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      const node = follower()
      expect(evidenceIn(node.hear(1, { kind: 'vote', vote: mockVote(1, x) }))).toEqual([])
      expect(evidenceIn(node.hear(1, { kind: 'vote', vote: mockVote(1, y) }))).toHaveLength(1)
      expect(evidenceIn(node.hear(1, { kind: 'vote', vote: mockVote(1, y) }))).toHaveLength(0)
    }
  })

  test.each([
    ['notarize and nullify', notarize(1, first.id), nullify(1)],
    ['notarize and finalize', notarize(1, first.id), finalize(1, first.id)],
    ['two views', notarize(1, first.id), notarize(2, other.id)],
  ])('CON-1: %s is no offence', (_, a, b) => {
    const node = follower()
    node.hear(1, { kind: 'vote', vote: mockVote(1, a) })
    expect(evidenceIn(node.hear(1, { kind: 'vote', vote: mockVote(1, b) }))).toEqual([])
  })

  test('CON-1: wrong signatures convict nobody, and the others still make a certificate', () => {
    const node = follower()
    node.accept(first)
    const forged = { ...mockVote(1, notarize(1, first.id)), signature: new Uint8Array(4) }
    node.hear(1, { kind: 'vote', vote: forged })
    expect(node.core.view).toBe(1)
    node.hear(2, { kind: 'vote', vote: mockVote(2, notarize(1, first.id)) })
    expect(node.core.view).toBe(2)
    const round = node.core.rounds.get(1)
    expect(round?.notarization?.signers).toEqual([0, 2, 3])
    const conflicting = { ...mockVote(1, notarize(1, other.id)), signature: new Uint8Array(4) }
    expect(evidenceIn(node.hear(1, { kind: 'vote', vote: conflicting }))).toEqual([])
  })

  test('CON-16: a sender answers for signatures that it must know to be wrong, and for nothing else', () => {
    const wrong = new Uint8Array(4)
    const forgedVote = { ...mockVote(2, notarize(1, first.id)), signature: wrong }
    const certificate = mockCertificate(notarize(1, first.id))
    const forgedProposal = {
      ...proposal(first),
      vote: { ...mockVote(0, notarize(1, first.id)), signature: wrong },
    }
    const isRefused = (
      from: number | undefined,
      message: Parameters<ReturnType<typeof follower>['hear']>[1],
      node = follower(),
    ): boolean => node.step({ kind: 'message', from, message }).some(({ kind }) => kind === 'refused')
    for (const from of [undefined, 1]) {
      expect(isRefused(from, { kind: 'vote', vote: forgedVote })).toBe(true)
      expect(
        isRefused(from, { kind: 'certificate', certificate: { ...certificate, signature: wrong } }),
      ).toBe(true)
    }
    expect(isRefused(undefined, forgedProposal)).toBe(true)
    expect(isRefused(0, forgedProposal)).toBe(true)
    expect(isRefused(1, forgedProposal), 'who shows the block of another').toBe(false)
    expect(isRefused(2, { kind: 'vote', vote: forgedVote }), 'not yet verified').toBe(false)

    const node = follower()
    for (const message of [
      { kind: 'certificate', certificate },
      { kind: 'certificate', certificate },
      { kind: 'vote', vote: mockVote(1, notarize(1, first.id)) },
      { kind: 'vote', vote: mockVote(1, notarize(1, first.id)) },
      { kind: 'vote', vote: mockVote(1, nullify(1_000)) },
      proposal(first),
      proposal(first),
      { kind: 'ask', fromView: 1 },
    ] as const) {
      expect(isRefused(1, message, node), message.kind).toBe(false)
      expect(isRefused(undefined, message, node), message.kind).toBe(false)
    }
  })

  test('CON-1: whoever sent a wrong signature is heard again, and nobody votes in the name of another', () => {
    const node = follower()
    node.accept(first)
    node.hear(1, {
      kind: 'vote',
      vote: { ...mockVote(1, notarize(1, first.id)), signature: new Uint8Array(4) },
    })
    node.hear(0, {
      kind: 'vote',
      vote: { ...mockVote(2, notarize(1, first.id)), signature: new Uint8Array(4) },
    })
    expect(node.core.view).toBe(1)
    const tally = node.core.rounds.get(1)!.tallies.find(({ vote }) => vote.kind === 'notarize')!
    expect([...tally.signatures.keys()].sort()).toEqual([0, 3])
    node.hear(1, { kind: 'vote', vote: mockVote(1, notarize(1, first.id)) })
    expect(node.core.view).toBe(2)
  })

  test('CON-1: memory is bounded: far views are passed over, and a signer has two blocks per kind and view', () => {
    const node = follower()
    for (const view of [66, 1000, 2 ** 52]) {
      node.hear(1, { kind: 'vote', vote: mockVote(1, nullify(view)) })
    }
    expect(node.core.rounds.size).toBeLessThan(3)
    for (let i = 0; i < 50; i++) {
      node.hear(1, { kind: 'vote', vote: mockVote(1, notarize(1, blockAt(1, undefined, `${i}`).id)) })
    }
    expect(node.core.rounds.get(1)!.tallies.length).toBeLessThanOrEqual(2)
  })

  test('CON-1: finality forgets the views before it', () => {
    const node = follower()
    let parent: typeof first | undefined
    for (let view = 1; view <= 200; view++) {
      const block = blockAt(view, parent)
      if (block.proposer !== 3) node.accept(block)
      parent = block
    }
    const certificate = mockCertificate(finalize(199, blockAt(199, blockAt(198, undefined)).id))
    node.hear(0, { kind: 'certificate', certificate })
    expect(node.core.final.view).toBe(199)
    expect(Math.min(...node.core.rounds.keys())).toBe(199)
  })

  test('CON-1: a certificate that does not hold changes nothing', () => {
    const node = follower()
    const good = mockCertificate(nullify(1))
    const bad = [
      mockCertificate(nullify(1), [0, 1]),
      mockCertificate(nullify(1), [0, 1, 1]),
      mockCertificate(nullify(1), [0, 1, 9]),
      { ...good, rule: 'crash' as const },
      { ...good, signature: good.signature.map((byte) => byte ^ 1) },
    ]
    for (const certificate of bad) node.hear(0, { kind: 'certificate', certificate })
    expect(node.core.view).toBe(1)
    node.hear(0, { kind: 'certificate', certificate: good })
    expect(node.core.view).toBe(2)
  })

  test('CON-1: a proposal for the block that a quorum notarized replaces another of its leader', () => {
    const node = follower()
    node.accept(other)
    node.hear(1, { kind: 'certificate', certificate: mockCertificate(notarize(1, first.id)) })
    const effects = node.accept(first)
    expect(effects.some((effect) => effect.kind === 'check' && equalBytes(effect.block.id, first.id))).toBe(
      true,
    )
    expect(effects.some(({ kind }) => kind === 'store')).toBe(true)
    expect(sent(effects)).toEqual([])
  })
})
