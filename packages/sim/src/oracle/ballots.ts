import { equalBytes, toHex } from '@banyan/base'
import {
  type Certificate,
  type Committee,
  type ConsensusMessage,
  decodeMessage as decodeConsensus,
  decodeJustification,
  decodeVote,
  type SignerMemory,
  type SignerRecord,
  type Vote,
} from '@banyan/consensus'
import { decodeHeader } from '@banyan/ledger'
import { type ChainStore, decodeMessage } from '@banyan/node'

/** Watches the votes of one node: what it lets out, and what it has made durable before. */
export type BallotWatch = {
  readonly stored: (blockId: string) => void
  readonly kept: (epoch: number, view: number) => void
  readonly persisted: (record: SignerRecord) => void
  /** It started again with this memory of what it has signed, and with what its store has found. */
  readonly recovered: (
    memory: ((epoch: number) => SignerMemory | undefined) | undefined,
    store: Pick<ChainStore, 'candidates' | 'certificates'>,
  ) => void
  /** It lets a message out. */
  readonly sent: (bytes: Uint8Array) => void
  /** Its folder was damaged: of its blocks and certificates only what it keeps from now on counts. */
  readonly damaged: () => void
}

/**
 * The evidence and durability oracles for whole nodes. No honest member ever votes in a way that E1 to E3 convict, over
 * crashes too; and a vote leaves when its record is durable, its block, and to finalize the notarization as well.
 */
export type Ballots = {
  readonly watch: (key: Uint8Array) => BallotWatch
  /** Newest epoch and view that an honest node has voted in. */
  readonly newest: () => { readonly epoch: number; readonly view: number }
}

type Cast = { readonly notarized: Set<string>; readonly finalized: Set<string>; nullified: boolean }

const nothing: SignerRecord = {
  epoch: 0,
  view: 0,
  notarized: undefined,
  nullified: false,
  finalized: undefined,
}

export function createBallots(
  committeeOf: (epoch: number) => Committee,
  isHonest: (key: string) => boolean,
  fail: (problem: string) => void,
): Ballots {
  const cast = new Map<string, Cast>()
  let newest = { epoch: 0, view: 0 }

  /** Judges everything that one member has said of one view. */
  function count(key: string, epoch: number, vote: Vote): void {
    if (!isHonest(key)) return
    const place = `${key}/${epoch}/${vote.view}`
    const known = cast.get(place) ?? { notarized: new Set(), finalized: new Set(), nullified: false }
    cast.set(place, known)
    if (vote.kind === 'nullify') known.nullified = true
    else (vote.kind === 'notarize' ? known.notarized : known.finalized).add(toHex(vote.blockId))
    const { notarized, finalized, nullified } = known
    const where = `in view ${vote.view} of epoch ${epoch}`
    if (notarized.size > 1) fail(`an honest member notarized two blocks ${where} (E1)`)
    if (nullified && finalized.size > 0) fail(`an honest member gave up what it finalized ${where} (E2)`)
    if (finalized.size > 1) fail(`an honest member finalized two blocks ${where} (E3)`)
    for (const block of finalized) {
      if ([...notarized].some((other) => other !== block))
        fail(`an honest member finalized another block than it notarized ${where} (E3)`)
    }
  }

  function countCertificate(epoch: number, { vote, signers }: Certificate): void {
    for (const signer of signers) {
      const member = committeeOf(epoch).validators[signer]
      if (member !== undefined) count(toHex(member.ed25519Key), epoch, vote)
    }
  }

  function watch(ed25519Key: Uint8Array): BallotWatch {
    const key = toHex(ed25519Key)
    const durable = new Map<string, SignerRecord>()
    const stored = new Set<string>()
    const kept = new Set<string>()
    const left: { readonly epoch: number; readonly vote: Vote }[] = []
    let isDamaged = false

    const isOwn = (epoch: number, signer: number): boolean => {
      const member = committeeOf(epoch).validators[signer]
      return member !== undefined && equalBytes(member.ed25519Key, ed25519Key)
    }

    function isIn(record: SignerRecord, vote: Vote): boolean {
      if (vote.kind === 'nullify') return record.nullified
      const id = vote.kind === 'notarize' ? record.notarized : record.finalized
      return id !== undefined && equalBytes(id, vote.blockId)
    }

    function voteLeft(epoch: number, vote: Vote): void {
      const place = `${epoch}/${vote.view}`
      if (epoch > newest.epoch || (epoch === newest.epoch && vote.view > newest.view))
        newest = { epoch, view: vote.view }
      const what = `a vote to ${vote.kind} in view ${vote.view} of epoch ${epoch} left`
      if (!isIn(durable.get(place) ?? nothing, vote)) fail(`${what} before its record was durable`)
      if (vote.kind !== 'nullify' && !isDamaged && !stored.has(toHex(vote.blockId)))
        fail(`${what} before its block was durable`)
      if (vote.kind === 'finalize' && !isDamaged && !kept.has(place))
        fail(`${what} before the notarization was durable`)
      left.push({ epoch, vote })
      count(key, epoch, vote)
    }

    function consensusLeft(epoch: number, message: ConsensusMessage): void {
      if (message.kind === 'vote' && isOwn(epoch, message.vote.signer)) voteLeft(epoch, message.vote.vote)
      if (message.kind === 'certificate') countCertificate(epoch, message.certificate)
    }

    return {
      stored: (id) => {
        stored.add(id)
      },
      kept: (epoch, view) => {
        kept.add(`${epoch}/${view}`)
      },
      persisted: (record) => {
        durable.set(`${record.epoch}/${record.view}`, record)
      },
      recovered(memory, { candidates, certificates }) {
        for (const { id } of candidates) stored.add(toHex(id))
        for (const { epoch, view } of certificates) kept.add(`${epoch}/${view}`)
        if (memory === undefined) return
        for (let epoch = 0; epoch <= newest.epoch + 1; epoch++) {
          for (const record of memory(epoch)?.records ?? []) durable.set(`${epoch}/${record.view}`, record)
        }
        for (const { epoch, vote } of left) {
          const known = memory(epoch)
          if (known === undefined || vote.view <= known.floor) continue
          const record = known.records.find(({ view }) => view === vote.view)
          if (record === undefined || !isIn(record, vote))
            fail(`a vote to ${vote.kind} in view ${vote.view} of epoch ${epoch} was forgotten over a restart`)
        }
      },
      sent(bytes) {
        const message = decodeMessage(bytes)
        if (message.kind === 'consensus') consensusLeft(message.epoch, decodeConsensus(message.bytes))
        if (message.kind !== 'proposal') return
        const { vote, signer } = decodeVote(message.vote)
        if (isOwn(message.epoch, signer)) voteLeft(message.epoch, vote)
        const { parent, skipped } = decodeJustification(decodeHeader(message.header).justification)
        for (const certificate of [...(parent === undefined ? [] : [parent]), ...skipped])
          countCertificate(message.epoch, certificate)
      },
      damaged() {
        isDamaged = true
      },
    }
  }

  return { watch, newest: () => newest }
}
