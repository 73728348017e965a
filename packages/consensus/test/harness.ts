import { asHash, equalBytes, type Hash, utf8 } from '@banyan/base'
import type {
  BlockRef,
  Certificate,
  Committee,
  ConsensusMessage,
  Core,
  CoreEffect,
  CoreEvent,
  CoreOptions,
  Justification,
  SignedVote,
  Vote,
  VotingScheme,
} from '@banyan/consensus'
import { createCore, quorumOf, roundRobin, step } from '@banyan/consensus'
import { portable } from '@banyan/crypto'

export const hashOf = (text: string): Hash => portable.sha256(utf8(text))

export const start = { id: hashOf('start'), height: 0 }
export const timing = { delta: 100, interval: 50, heartbeat: 1000 }

/** A scheme without cryptography: a signature is its signer's number and the first bytes of the message. */
export const mockScheme: VotingScheme = {
  name: 'mock',
  message: (vote) => hashOf(`${vote.kind} ${vote.view} ${vote.kind === 'nullify' ? '' : vote.blockId}`),
  verify: (message, signer, signature) => equalBytes(signature, mockSign(signer, message)),
  combine: (signatures) => Uint8Array.from(signatures.flatMap((signature) => [...signature])),
  verifyCombined: (message, signers, combined) =>
    combined.length === 4 * signers.length &&
    signers.every((signer, i) => equalBytes(combined.subarray(4 * i, 4 * i + 4), mockSign(signer, message))),
}

export function mockSign(signer: number, message: Uint8Array): Uint8Array {
  return Uint8Array.of(signer, message[0]!, message[1]!, message[2]!)
}

/** A committee for the mock scheme, whose keys nobody looks at. */
export function mockCommittee(weights: readonly number[], rule: Committee['rule'] = 'byzantine'): Committee {
  const noKeys = {
    address: new Uint8Array(20) as never,
    ed25519Key: new Uint8Array(32),
    blsKey: new Uint8Array(48),
  }
  const total = weights.reduce((a, b) => a + b, 0)
  return {
    epoch: 0,
    rule,
    validators: weights.map((weight) => ({ ...noKeys, weight })),
    quorum: quorumOf(rule, total),
    hash: asHash(new Uint8Array(32)),
  }
}

export function mockVote(signer: number, vote: Vote): SignedVote {
  return { vote, signer, signature: mockSign(signer, mockScheme.message(vote)) }
}

export const notarize = (view: number, blockId: Hash): Vote => ({ kind: 'notarize', view, blockId })
export const finalize = (view: number, blockId: Hash): Vote => ({ kind: 'finalize', view, blockId })
export const nullify = (view: number): Vote => ({ kind: 'nullify', view })

export function mockCertificate(vote: Vote, signers: readonly number[] = [0, 1, 2]): Certificate {
  const signatures = signers.map((signer) => mockVote(signer, vote).signature)
  return { rule: 'byzantine', vote, signers, signature: mockScheme.combine(signatures) }
}

/** A block of the round robin among four on a parent, with the justification that it needs. */
export function blockAt(view: number, parent: BlockRef | undefined, name = '', members = 4): BlockRef {
  const parentView = parent?.view ?? 0
  const skipped: Certificate[] = []
  for (let u = parentView + 1; u < view; u++) skipped.push(mockCertificate(nullify(u)))
  const justification: Justification = {
    parent: parent && mockCertificate(notarize(parentView, parent.id)),
    skipped,
  }
  return {
    id: hashOf(`block ${view} on ${parentView} ${name}`),
    view,
    height: (parent?.height ?? 0) + 1,
    parentId: parent?.id ?? start.id,
    parentView,
    proposer: roundRobin(members)(view),
    justification,
  }
}

export const proposal = (block: BlockRef): ConsensusMessage => ({
  kind: 'proposal',
  block,
  vote: mockVote(block.proposer, notarize(block.view, block.id)),
})

/** One core of four, driven by hand. */
export type Single = {
  readonly core: Core
  readonly now: () => number
  readonly step: (event: CoreEvent, later?: number) => readonly CoreEffect[]
  /** A message by its sender. */
  readonly hear: (from: number, message: ConsensusMessage) => readonly CoreEffect[]
  /** A proposal with the host's consent. */
  readonly accept: (block: BlockRef) => readonly CoreEffect[]
}

export function single(index: number | undefined, options: Partial<CoreOptions> = {}): Single {
  const core = createCore({
    committee: mockCommittee([1, 1, 1, 1]),
    scheme: mockScheme,
    leaderOf: roundRobin(4),
    start,
    timing,
    certificates: [],
    signer: index === undefined ? undefined : mockSigner(index),
    ...options,
  })
  let now = 0
  const run = (event: CoreEvent, later = 0): readonly CoreEffect[] => {
    now += later
    return step(core, event, now)
  }
  const hear = (from: number, message: ConsensusMessage) => run({ kind: 'message', from, message })
  return {
    core,
    now: () => now,
    step: run,
    hear,
    accept: (block) => [
      ...hear(block.proposer, proposal(block)),
      ...run({ kind: 'checked', view: block.view, blockId: block.id, valid: true }),
    ],
  }
}

export function mockSigner(
  index: number,
  memory: NonNullable<CoreOptions['signer']>['memory'] = { floor: 0, records: [] },
): NonNullable<CoreOptions['signer']> {
  return { index, sign: (message) => mockSign(index, message), memory }
}

/** Votes and certificates that effects send, in short. */
export function sent(effects: readonly CoreEffect[]): readonly string[] {
  const out: string[] = []
  for (const effect of effects) {
    if (effect.kind !== 'send') continue
    const { message, to } = effect
    if (message.kind === 'ask') out.push(`ask ${message.fromView} of ${to}`)
    else if (message.kind === 'certificate') {
      const { vote } = message.certificate
      out.push(`certificate ${vote.kind} ${vote.view} to ${to}`)
    } else if (message.kind === 'vote') out.push(`${message.vote.vote.kind} ${message.vote.vote.view}`)
    else out.push(`proposal ${message.block.view}`)
  }
  return out
}

export function evidenceIn(effects: readonly CoreEffect[]) {
  return effects.flatMap((effect) => (effect.kind === 'evidence' ? [effect.evidence] : []))
}

/** A whole network of cores with a fixed delay, without faults but those that the test makes. */
export type Network = {
  readonly cores: readonly Core[]
  readonly finals: Map<number, Hash>[]
  readonly finalTimes: Map<number, number>
  readonly run: (until: number) => void
  readonly isDown: Set<number>
}

export function network(
  count: number,
  options: { readonly delay: number; readonly pending: boolean; readonly isLost?: (at: number) => boolean },
): Network {
  type Due = { readonly at: number; readonly to: number; readonly event: CoreEvent }
  const queue: Due[] = []
  const cores = Array.from({ length: count }, (_, index) =>
    createCore({
      committee: mockCommittee(Array.from({ length: count }, () => 1)),
      scheme: mockScheme,
      leaderOf: roundRobin(count),
      start,
      timing,
      certificates: [],
      signer: mockSigner(index),
    }),
  )
  const finals = cores.map(() => new Map<number, Hash>())
  const finalTimes = new Map<number, number>()
  const isDown = new Set<number>()
  const push = (at: number, to: number, event: CoreEvent): void => {
    queue.push({ at, to, event })
  }
  for (let to = 0; to < count; to++) {
    push(0, to, { kind: 'start' })
    push(0, to, { kind: 'pending', pending: options.pending })
  }
  const carryOut = (from: number, now: number, effect: CoreEffect): void => {
    if (effect.kind === 'send') {
      if (options.isLost?.(now)) return
      for (let to = 0; to < count; to++) {
        if (to !== from && (effect.to === 'all' || effect.to === to)) {
          push(now + options.delay, to, { kind: 'message', from, message: effect.message })
        }
      }
    } else if (effect.kind === 'build') {
      const { view, parent, justification, notBefore } = effect
      const block: BlockRef = {
        id: hashOf(`built ${view} on ${parent.view} by ${from}`),
        view,
        height: parent.height + 1,
        parentId: parent.id,
        parentView: parent.view,
        proposer: from,
        justification,
      }
      push(Math.max(now, notBefore), from, { kind: 'built', block })
    } else if (effect.kind === 'check') {
      push(now, from, { kind: 'checked', view: effect.block.view, blockId: effect.block.id, valid: true })
    } else if (effect.kind === 'wake') push(effect.at, from, { kind: 'time' })
    else if (effect.kind === 'final') {
      const { view } = effect.certificate.vote
      finals[from]!.set(view, effect.blockId)
      if (!finalTimes.has(view)) finalTimes.set(view, now)
    }
  }
  return {
    cores,
    finals,
    finalTimes,
    isDown,
    run: (until) => {
      for (;;) {
        let best = -1
        for (let i = 0; i < queue.length; i++) if (best < 0 || queue[i]!.at < queue[best]!.at) best = i
        if (best < 0 || queue[best]!.at > until) return
        const [due] = queue.splice(best, 1)
        if (isDown.has(due!.to)) continue
        for (const effect of step(cores[due!.to]!, due!.event, due!.at)) carryOut(due!.to, due!.at, effect)
      }
    },
  }
}
