import type { ConsensusMessage, CoreEffect } from '@banyan/consensus'
import { stableLeader } from '@banyan/consensus'
import { describe, expect, test } from 'vitest'
import {
  blockAt,
  finalize,
  mockCertificate,
  mockCommittee,
  mockSigner,
  mockVote,
  network,
  notarize,
  nullify,
  proposal,
  sent,
  single,
  timing,
} from './harness.js'

const first = blockAt(1, undefined)

function member(index: number, options: Parameters<typeof single>[1] = {}) {
  const node = single(index, options)
  node.step({ kind: 'start' })
  return node
}

type Single = ReturnType<typeof member>

const certify = (
  node: Single,
  vote: Parameters<typeof mockCertificate>[0],
  from = 1,
): readonly CoreEffect[] => node.hear(from, { kind: 'certificate', certificate: mockCertificate(vote) })

const builds = (effects: readonly CoreEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'build' ? [effect] : []))

const wakeOf = (effects: readonly CoreEffect[]): number | undefined =>
  effects.flatMap((effect) => (effect.kind === 'wake' ? [effect.at] : [])).at(-1)

/** Gives a member up to the moment at which it nullifies its view by itself; that moment. */
function nullifiesAt(node: Single, limit = 1e7): number {
  for (;;) {
    const effects = node.step({ kind: 'time' }, 10)
    if (sent(effects).some((text) => text.startsWith('nullify'))) return node.now()
    if (node.now() > limit) return Number.POSITIVE_INFINITY
  }
}

describe('CON-1: pace', () => {
  test('CON-1: a block is final three delays after its proposal, and blocks come at the interval', () => {
    const net = network(4, { delay: 10, pending: true })
    net.run(1000)
    const times = [...net.finalTimes.entries()].slice(0, 10)
    // The first proposal is made an interval after the start.
    expect(times.map(([view]) => view)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(times.map(([, at]) => at)).toEqual(times.map((_, i) => 50 * (i + 1) + 30 + (i > 0 ? 10 * i : 0)))
  })

  test('CON-1: without anything to order blocks come at the heartbeat, and at once when something arrives', () => {
    const node = member(0)
    expect(builds(node.step({ kind: 'time' }, 999))).toEqual([])
    expect(builds(node.step({ kind: 'time' }, 1))).toMatchObject([
      { view: 1, parent: { view: 0, height: 0 } },
    ])
    const busy = member(0)
    expect(builds(busy.step({ kind: 'pending', pending: true }, 10))).toMatchObject([
      { view: 1, notBefore: 50 },
    ])
    expect(builds(busy.step({ kind: 'pending', pending: true }, 10))).toEqual([])
  })

  test('CON-1: the notarization goes to the next leader, a nullification to all', () => {
    const node = member(3)
    node.accept(first)
    const effects = node.hear(1, { kind: 'vote', vote: mockVote(1, notarize(1, first.id)) })
    expect(sent(effects)).toContain('certificate notarize 1 to 1')
    node.hear(0, { kind: 'vote', vote: mockVote(0, nullify(2)) })
    node.hear(2, { kind: 'vote', vote: mockVote(2, nullify(2)) })
    expect(sent(node.hear(1, { kind: 'vote', vote: mockVote(1, nullify(2)) }))).toContain(
      'certificate nullify 2 to all',
    )
  })
})

describe('CON-1: L1 time-outs', () => {
  test('CON-1: L1 without a proposal the time is over after 2Δ, with one after 3Δ, beyond the heartbeat', () => {
    expect(nullifiesAt(member(3))).toBe(1000 + 200)
    const node = member(3)
    node.hear(0, proposal(first))
    expect(nullifiesAt(node)).toBe(1000 + 300)
  })

  test('CON-1: L1 when something waits to be ordered the interval stands for the heartbeat', () => {
    const node = member(3)
    node.step({ kind: 'pending', pending: true }, 100)
    expect(nullifiesAt(node)).toBe(100 + 50 + 200)
    const late = member(3)
    late.step({ kind: 'pending', pending: true }, 990)
    expect(nullifiesAt(late)).toBe(1200)
  })

  test('CON-1: L1 time-outs grow with the views since the last finalization, up to a cap', () => {
    const waits: number[] = []
    for (const view of [2, 3, 4, 10, 30, 100, 380]) {
      // Two terms of a leader that is never silent: this member itself.
      const node = member(3, { leaderOf: () => 3, committee: mockCommittee([1, 1, 1, 1]) })
      for (let u = 1; u < view; u++) certify(node, nullify(u))
      // The leader does build, but the host does not answer.
      waits.push(nullifiesAt(node) - 1000)
    }
    const factors = waits.map((wait) => wait / 200)
    expect(factors[0]).toBe(1)
    expect(factors[1]).toBeCloseTo(1.2, 1)
    expect(factors[2]).toBeCloseTo(1.44, 1)
    expect(factors[3]).toBeCloseTo(1.2 ** 8, 1)
    expect(factors.slice(4)).toEqual([16, 16, 16])
  })

  test('CON-1: L1 after hundreds of skipped views the cap no longer holds, and nothing is given up early', () => {
    const node = member(3)
    for (let u = 1; u < 400; u++) certify(node, nullify(u))
    expect(node.core.view).toBe(400)
    expect(sent(node.hear(node.core.view - 1, { kind: 'vote', vote: mockVote(3, nullify(400)) }))).toEqual([])
    expect(nullifiesAt(node, 1e6) - 1000).toBeGreaterThan(200 * 16 * 1.2 ** 14)
  })

  test('CON-1: L1 the certificate that led into a view goes out when the view is given up', () => {
    const node = member(3)
    certify(node, notarize(1, first.id))
    const effects = node.step({ kind: 'time' }, 1200)
    expect(sent(effects)).toEqual(['certificate notarize 1 to all', 'nullify 2'])
  })
})

describe('CON-16: L2 standstill', () => {
  test('CON-16: L2 everything above the last finalization is sent again though views keep changing', () => {
    const node = member(3)
    certify(node, finalize(1, first.id))
    certify(node, notarize(2, blockAt(2, first).id))
    const out: string[] = []
    for (let view = 3; view < 40; view++) {
      const { now, core } = node
      out.push(...sent(certify(node, nullify(view))))
      expect(core.view).toBe(view + 1)
      out.push(...sent(node.step({ kind: 'time' }, 50)))
      if (now() < 1600) expect(out).not.toContain('certificate finalize 1 to all')
    }
    expect(out).toContain('certificate finalize 1 to all')
    expect(out).toContain('certificate notarize 2 to all')
    expect(out).toContain('certificate nullify 3 to all')
  })

  test('CON-16: L2 own votes are sent again, a proposal as a proposal, until they are certified', () => {
    const node = member(0)
    node.step({ kind: 'pending', pending: true })
    node.step({ kind: 'built', block: first }, 50)
    const again = sent(node.step({ kind: 'time' }, 1600))
    expect(again).toEqual(['nullify 1', 'proposal 1', 'nullify 1'])
  })

  test('CON-16: L2 of hundreds of views a part is sent at a time, and all of them in turn', () => {
    const node = member(3)
    for (let u = 1; u < 300; u++) certify(node, nullify(u))
    const seen = new Set<string>()
    for (let i = 0; i < 8; i++) {
      const out = sent(node.step({ kind: 'time' }, 1700)).filter((text) => text.startsWith('certificate'))
      expect(out.length).toBeLessThanOrEqual(70)
      for (const text of out) seen.add(text)
    }
    expect(seen.size).toBe(299)
  })

  test('CON-16: L2 a network that lost every message for a while is live again within three views', () => {
    for (const [from, until] of [
      [500, 3000],
      [503, 9000],
      [547, 20_000],
    ] as const) {
      const net = network(4, { delay: 10, pending: true, isLost: (at) => at >= from && at < until })
      net.run(until)
      const views = Math.max(...net.cores.map(({ view }) => view))
      net.run(until + 6000)
      const next = Math.min(...[...net.finalTimes].filter(([, at]) => at >= until).map(([view]) => view))
      expect(next).toBeLessThanOrEqual(views + 3)
    }
  })
})

describe('CON-16: L3, L4', () => {
  test('CON-16: L3 views whose certificates are held already are passed over', () => {
    const node = member(3)
    certify(node, nullify(3))
    expect(node.core.view).toBe(4)
    certify(node, nullify(1))
    certify(node, nullify(2))
    expect(node.core.view).toBe(4)
    const late = member(3)
    certify(late, nullify(2))
    certify(late, notarize(1, first.id))
    expect(late.core.view).toBe(3)
  })

  test('CON-16: L3 a proposal far ahead leads into its view by the certificates that it embeds', () => {
    const node = member(3)
    const parent = blockAt(1001, blockAt(1000, undefined))
    const effects = node.hear(1, proposal(blockAt(1002, parent)))
    expect(node.core.view).toBe(1002)
    expect(effects.some(({ kind }) => kind === 'check')).toBe(true)
  })

  test('CON-16: L4 a leader asks for the certificates that its proposal needs, and goes on when they come', () => {
    const node = member(2)
    node.step({ kind: 'pending', pending: true })
    const out = sent(certify(node, nullify(2)))
    expect(node.core.view).toBe(3)
    expect(out).toEqual(['ask 1 of 0'])
    // No answer: somebody else is asked, after half a delay.
    expect(sent(node.step({ kind: 'time' }, 49))).toEqual([])
    expect(sent(node.step({ kind: 'time' }, 1))).toEqual(['ask 1 of 1'])
    const effects = certify(node, nullify(1))
    expect(builds(effects)).toMatchObject([
      { view: 3, parent: { view: 0 }, justification: { parent: undefined } },
    ])
    expect(builds(effects)[0]!.justification.skipped).toHaveLength(2)
  })

  test('CON-16: L4 a leader without its parent asks, and builds on it once the host found it valid', () => {
    const node = member(1)
    node.step({ kind: 'pending', pending: true })
    const out = sent(certify(node, notarize(1, first.id)))
    expect(out).toEqual(['ask 1 of 0'])
    expect(builds(node.hear(0, proposal(first)))).toMatchObject([{ view: 2, parent: { view: 1, height: 1 } }])
    const fetched = member(1)
    fetched.step({ kind: 'pending', pending: true })
    certify(fetched, notarize(1, first.id))
    expect(builds(fetched.step({ kind: 'block', block: first, vote: undefined }))).toMatchObject([
      { parent: { id: first.id } },
    ])
  })

  test('CON-16: L4 an answer holds what was asked for, is bounded, and does not come too often', () => {
    const node = member(3)
    node.accept(first)
    certify(node, notarize(1, first.id))
    for (let u = 2; u < 200; u++) certify(node, nullify(u))
    const out = sent(node.hear(2, { kind: 'ask', fromView: 1 }))
    expect(out.slice(0, 3)).toEqual([
      'certificate notarize 1 to 2',
      'proposal 1',
      'certificate nullify 2 to 2',
    ])
    expect(out.length).toBe(65)
    expect(sent(node.hear(2, { kind: 'ask', fromView: 65 }))).toEqual([])
    node.step({ kind: 'time' }, 50)
    expect(sent(node.hear(2, { kind: 'ask', fromView: 65 }))[0]).toBe('certificate nullify 65 to 2')
    expect(
      sent(node.step({ kind: 'message', from: undefined, message: { kind: 'ask', fromView: 1 } })),
    ).toEqual([])
  })

  test('CON-16: L4 who asks from a view gets its block from those that lack its certificate', () => {
    const node = member(3)
    node.hear(0, proposal(first))
    expect(sent(node.hear(2, { kind: 'ask', fromView: 1 }))).toContain('proposal 1')
    node.step({ kind: 'time' }, 50)
    expect(sent(node.hear(2, { kind: 'ask', fromView: 0 }))).not.toContain('proposal 1')
  })

  test('CON-16: L4 a restarted node shows the certified blocks that its host has kept', () => {
    const node = member(3)
    node.step({ kind: 'block', block: first, vote: mockVote(0, notarize(1, first.id)) })
    certify(node, notarize(1, first.id))
    expect(sent(node.hear(2, { kind: 'ask', fromView: 1 }))).toContain('proposal 1')
  })
})

describe('CON-16: L5 leaders that are down', () => {
  test('CON-16: L5 a leader not heard in its last two views is not waited for, until it is heard again', () => {
    const node = member(3)
    for (let u = 1; u < 9; u++) certify(node, nullify(u))
    // Views 1 and 5 were those of member 0.
    expect(node.core.view).toBe(9)
    expect(sent(node.step({ kind: 'time' }))).toEqual([])
    expect(node.core.rounds.get(9)!.record.nullified).toBe(true)
    const heardAgain = member(3)
    for (let u = 1; u < 8; u++) certify(heardAgain, nullify(u))
    heardAgain.hear(0, { kind: 'vote', vote: mockVote(0, nullify(8)) })
    certify(heardAgain, nullify(8))
    expect(heardAgain.core.rounds.get(9)!.record.nullified).toBe(false)
  })

  test.each<ConsensusMessage>([
    { kind: 'vote', vote: mockVote(0, nullify(1)) },
    { kind: 'ask', fromView: 2 },
    { kind: 'certificate', certificate: mockCertificate(nullify(2)) },
  ])('CON-16: L5 a leader is heard by whatever it says: $kind', (message) => {
    const node = member(3)
    for (let u = 1; u < 8; u++) certify(node, u === 3 ? finalize(3, blockAt(3, undefined).id) : nullify(u))
    node.hear(0, message)
    certify(node, nullify(8))
    expect(node.core.view).toBe(9)
    expect(node.core.rounds.get(9)!.record.nullified).toBe(false)
  })

  test("CON-16: L5 a leader's own vote to give its view up ends the wait", () => {
    const node = member(3)
    expect(sent(node.hear(1, { kind: 'vote', vote: mockVote(1, nullify(1)) }))).toEqual([])
    expect(sent(node.hear(0, { kind: 'vote', vote: mockVote(0, nullify(1)) }))).toContain('nullify 1')
  })

  test('CON-16: L5 a dead leader costs time twice, then none', () => {
    const net = network(4, { delay: 10, pending: true })
    net.isDown.add(2)
    net.run(6000)
    const finals = net.finals[0]!
    const late = [...net.finalTimes.entries()].filter(([view]) => view > 20)
    const gaps = late.slice(1).map(([, at], i) => at - late[i]![1])
    expect(finals.size).toBeGreaterThan(60)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(100)
    expect([...finals.keys()].every((view) => (view - 1) % 4 !== 2)).toBe(true)
  })

  test('CON-2: L5 a dead stable leader is passed at the speed of the network', () => {
    const node = member(3, { leaderOf: stableLeader(4, 100), signer: mockSigner(3) })
    for (let u = 1; u < 3; u++) certify(node, nullify(u))
    let given = 0
    for (let u = 3; u < 100; u++) {
      if (node.core.rounds.get(u)!.record.nullified) given++
      certify(node, nullify(u))
    }
    expect(given).toBe(97)
  })

  test('CON-1: the wake effect names the next moment at which something is due', () => {
    const node = single(3)
    const at = wakeOf(node.step({ kind: 'start' }))
    expect(at).toBe(1000 + 2 * timing.delta)
  })
})
