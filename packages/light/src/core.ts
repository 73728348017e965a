import { equalBytes, fail, type Hash, toHex } from '@banyan/base'
import type { Validator } from '@banyan/consensus'
import type { CryptoProvider } from '@banyan/crypto'
import type { HeaderSummary } from '@banyan/ledger/proofs'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type SeenBlock } from './checkpoint.js'
import { createCommittees, type LightChain } from './committees.js'
import { type Contents, type ProvenValue, readContent } from './contents.js'
import { decodeProof, type ProofKind, type ProofRequest, type RequestOf, rowKinds } from './proof.js'

/** Where trust begins: the first committee as the genesis names it, or a checkpoint from somebody trusted. */
export type LightStart = { readonly validators: readonly Validator[] } | { readonly checkpoint: Uint8Array }

export type LightOptions = {
  readonly provider: CryptoProvider
  readonly chain: LightChain
  readonly start: LightStart
  /** Epochs whose committees are remembered, to judge old blocks; at least 2. */
  readonly keepEpochs: number
}

/** How new a block must be that a row is shown under. */
export type Freshness = {
  /** Least height of the block. By default that of the newest block seen, so that the state never goes back. */
  readonly least?: number
  /** Least time of the block, ms. */
  readonly since?: bigint
}

/** A value that was checked, and the final block that vouches for it. */
export type Proven<Value> = {
  readonly value: Value
  /** For rows of the state: the state is that after the block one below. */
  readonly block: SeenBlock
}

/** A light client without any IO: what it is given it checks, and believes nothing else. */
export type LightCore = {
  /** Epoch whose record `takeEpoch` needs next. */
  readonly nextEpoch: () => number
  /** Takes the record of a finished epoch, and with it the committee of the epoch after the next. */
  readonly takeEpoch: (record: Uint8Array) => void
  /** Members of the committee of a known epoch. Error: EpochUnknown. */
  readonly validators: (epoch: number) => readonly Validator[]
  readonly newest: () => SeenBlock
  /**
   * What an encoded proof shows of the request. Errors: ProofMalformed, BlockMalformed, ConsensusBytesMalformed,
   * ProofWrong, ProofStale, ChainMismatch, CommitteeMismatch, EpochUnknown, WeightTooLow, CertificateInvalid.
   */
  readonly check: <Kind extends ProofKind>(
    request: RequestOf<Kind>,
    proof: Uint8Array,
    freshness?: Freshness,
  ) => Proven<ProvenValue[Kind]>
  /** Where to go on later: it is worth as much trust as this client is. */
  readonly checkpoint: () => Uint8Array
}

const isRow = new Set<ProofKind>(rowKinds)

/** Errors: CheckpointInvalid, CommitteeInvalid, OptionInvalid. */
export function createLightCore({ provider, chain, start, keepEpochs }: LightOptions): LightCore {
  if (!(keepEpochs >= 2)) fail('OptionInvalid', { option: 'keepEpochs', reason: 'it is at least 2' })
  const from = startOf(provider, chain, start)
  const committees = createCommittees(provider, chain, from, keepEpochs)
  let newest = from.seen

  const see = ({ height, timestamp }: HeaderSummary, id: Hash): SeenBlock => {
    const block = { height, id, timestamp }
    if (height > newest.height) newest = block
    return block
  }

  return {
    nextEpoch: committees.next,
    takeEpoch: (record) => {
      const { header, id } = committees.take(record)
      see(header, id)
    },
    validators: committees.validators,
    newest: () => newest,
    check: (request, bytes, { least = newest.height, since = 0n } = {}) => {
      const { kind, header, finality, content } = decodeProof(bytes)
      if (kind !== request.kind) fail('ProofWrong', { reason: `it shows a ${kind}` })
      if ('height' in request && kind !== 'recent' && header.height !== request.height) {
        fail('ProofWrong', { reason: `it shows block ${header.height}` })
      }
      const id = committees.requireFinal(header, finality)
      if (isRow.has(kind)) requireFresh(header, least, since)
      return { value: shownValue({ provider, header, content }, request), block: see(header, id) }
    },
    checkpoint: () => {
      const epoch = committees.next()
      const pair = [committees.validators(epoch), committees.validators(epoch + 1)] as const
      return encodeCheckpoint(provider, { chain, epoch, pair, seen: newest })
    },
  }
}

/** The compiler does not see that the reader of a kind gets requests of that kind. */
function shownValue<Kind extends ProofKind>(contents: Contents, request: RequestOf<Kind>): ProvenValue[Kind] {
  const read = readContent[request.kind] as (from: Contents, asked: ProofRequest) => ProvenValue[Kind]
  return read(contents, request)
}

function requireFresh({ height, timestamp }: HeaderSummary, least: number, since: bigint): void {
  if (height < least) fail('ProofStale', { what: 'the height', actual: height, least })
  if (timestamp < since)
    fail('ProofStale', { what: 'the time of the block', actual: timestamp, least: since })
}

function startOf(
  provider: CryptoProvider,
  chain: LightChain,
  start: LightStart,
): Pick<Checkpoint, 'epoch' | 'pair' | 'seen'> {
  if ('validators' in start) {
    const { validators } = start
    const seen = { height: 0, id: chain.genesisId, timestamp: 0n }
    return { epoch: 0, pair: [validators, validators], seen }
  }
  const checkpoint = decodeCheckpoint(provider, start.checkpoint)
  if (!isSameChain(checkpoint.chain, chain)) {
    fail('CheckpointInvalid', {
      reason: `it is of the chain with genesis ${toHex(checkpoint.chain.genesisId)}`,
    })
  }
  return checkpoint
}

function isSameChain(a: LightChain, b: LightChain): boolean {
  return (
    a.chainId === b.chainId &&
    equalBytes(a.genesisId, b.genesisId) &&
    a.epochBlocks === b.epochBlocks &&
    a.quorumRule === b.quorumRule
  )
}
