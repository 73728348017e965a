import { asAddress, asHash, uintToLe } from '@banyan/base'
import {
  createCommittee,
  createCore,
  decodeMessage,
  encodeMessage,
  roundRobin,
  step,
  type Vote,
  type VotingScheme,
} from '@banyan/consensus'
import { native } from '@banyan/crypto/native'

const members = 99
const zero = asHash(new Uint8Array(32))

/** Signatures are measured by themselves, so here they cost nothing. */
const freeScheme: VotingScheme = {
  name: 'mock',
  message: () => zero,
  verify: () => true,
  combine: () => new Uint8Array(96),
  verifyCombined: () => true,
}

/** Votes of one member after the other to notarize and to finalize a block in each view, as bytes. */
export function encodedVotes(views: number): readonly Uint8Array[] {
  const signature = new Uint8Array(96)
  const votes: Uint8Array[] = []
  for (let view = 1; view <= views; view++) {
    const blockId = asHash(uintToLe(BigInt(view), 32))
    for (const kind of ['notarize', 'finalize'] as const) {
      const vote: Vote = { kind, view, blockId }
      for (let signer = 0; signer < members; signer++) {
        votes.push(encodeMessage({ kind: 'vote', vote: { vote, signer, signature } }))
      }
    }
  }
  return votes
}

/** Decodes votes and steps a core of 99 members with them. */
export function stepVotes(votes: readonly Uint8Array[]): void {
  const validators = Array.from({ length: members }, (_, i) => ({
    address: asAddress(uintToLe(BigInt(i), 20)),
    ed25519Key: uintToLe(BigInt(i), 32),
    blsKey: uintToLe(BigInt(i), 48),
    weight: 1,
  }))
  const core = createCore({
    committee: createCommittee(native, 0, 'byzantine', validators),
    scheme: freeScheme,
    leaderOf: roundRobin(members),
    start: { id: zero, height: 0 },
    timing: { delta: 1000, interval: 0, heartbeat: 1000 },
    signer: undefined,
    certificates: [],
  })
  step(core, { kind: 'start' }, 0)
  for (const bytes of votes) {
    const message = decodeMessage(bytes)
    if (message.kind === 'vote') step(core, { kind: 'message', from: message.vote.signer, message }, 1)
  }
}
