import { asHash, equalBytes, fail, type Hash } from '@banyan/base'
import {
  blockId,
  type Chain,
  type DescribedBatch,
  decodeBlock,
  describeBatch,
  encodeFieldProof,
  encodeReceiptProof,
  encodeTransactionProof,
  type Header,
  proveHeaderField,
  proveReceipt,
  proveTransaction,
  receiptBytes,
  summarize,
} from '@banyan/ledger'
import {
  decodeFinality,
  encodeFinality,
  encodeProof,
  type FinalityProof,
  type ProofRequest,
} from '@banyan/light'
import type { Certificate, Proof } from '../api/port.js'
import type { HistoryIndex } from '../history/index.js'
import type { ChainStore } from '../store/store.js'

/** Requests that parts of a final block answer. */
export type BlockRequest = Extract<
  ProofRequest,
  { kind: 'receipt' | 'transaction' | 'headerField' | 'header' }
>

/** Proofs of parts of final blocks, which are read from the log. One is made at a time; certificates are not made. */
export type BlockProofs = {
  /** `undefined` if there is no such thing here. Errors: ProofUnavailable, RequestLimitExceeded. */
  readonly prove: (request: BlockRequest) => Promise<Proof | undefined>
  readonly certificate: (height: number) => Promise<Certificate | undefined>
}

export type BlockProofSources = {
  readonly store: Pick<ChainStore, 'readRange'>
  readonly index: Pick<HistoryIndex, 'receipts'> & {
    readonly history: Pick<HistoryIndex['history'], 'transaction'>
  }
  readonly chain: () => Chain
}

/** A final block of the log with all that proves it final. */
type Anchor = {
  readonly header: Header
  readonly finality: FinalityProof
  readonly bytes: Uint8Array
}

/** Requests that may wait for their turn. */
const maxWaiting = 256
/** Transactions of a block of which parts are proven: all of them are hashed for a proof of one. */
const maxTransactions = 2 ** 18
/** As few blocks as one proof of finality needs. */
const oneProof = { maxBlocks: 1, maxBytes: 1 }
const skipped = 2

export function createBlockProofs(sources: BlockProofSources): BlockProofs {
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()

  /** Works on one request after the other. */
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= maxWaiting) {
      fail('RequestLimitExceeded', { what: 'the number of proofs that wait', limit: maxWaiting })
    }
    waiting++
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      waiting--
    }
  }

  return {
    prove: (request) => inTurn(() => proveOf(sources, request)),
    certificate: async (height) => {
      const anchor = await anchorOf(sources, height)
      return anchor && certificateOf(anchor)
    },
  }
}

function certificateOf({ header, finality }: Anchor): Certificate {
  return { height: header.height, blockId: blockId(header), bytes: encodeFinality(finality) }
}

async function proveOf(sources: BlockProofSources, request: BlockRequest): Promise<Proof | undefined> {
  const height = 'height' in request ? request.height : await heightOf(sources, request.id)
  const anchor = height === undefined ? undefined : await anchorOf(sources, height)
  if (anchor === undefined) return undefined
  const content = await contentOf(sources, anchor, request)
  if (content === undefined) return undefined
  const { header, finality } = anchor
  const bytes = encodeProof({ kind: request.kind, header: summarize(header), finality, content })
  return { height: header.height, blockId: blockId(header), bytes }
}

async function heightOf({ index }: BlockProofSources, id: Hash): Promise<number | undefined> {
  return (await index.history.transaction(id))?.height
}

/** `undefined` where the log has no such block. */
async function anchorOf({ store }: BlockProofSources, height: number): Promise<Anchor | undefined> {
  const range = await store.readRange(height, oneProof)
  const [first, ...above] = range?.blocks ?? []
  if (range === undefined || first === undefined) return undefined
  const proof = decodeFinality(range.proof)
  const links = above.map((bytes) => summarize(decodeBlock(bytes).header))
  const finality = { ...proof, links: [...links, ...proof.links] }
  return { header: decodeBlock(first).header, finality, bytes: first }
}

async function contentOf(
  { index, chain }: BlockProofSources,
  { header, bytes }: Anchor,
  request: BlockRequest,
): Promise<Uint8Array | undefined> {
  const { provider } = chain()
  switch (request.kind) {
    case 'header':
      return new Uint8Array(0)
    case 'headerField':
      return encodeFieldProof(proveHeaderField(provider, header, request.field))
    case 'receipt': {
      requireProvable(header)
      const receipts = await index.receipts(header.height)
      const place = receipts === undefined ? -1 : placeOf(receipts, request.id)
      return place < 0 ? undefined : encodeReceiptProof(proveReceipt(provider, receipts!, place))
    }
    case 'transaction': {
      requireProvable(header)
      const described = await describeAll(chain(), bytes)
      const proof = proveTransaction(provider, described, request.id)
      return proof && encodeTransactionProof(proof)
    }
  }
}

function requireProvable({ transactionCount }: Header): void {
  if (transactionCount > maxTransactions) {
    fail('ProofUnavailable', { reason: `its block has more than ${maxTransactions} transactions` })
  }
}

/** Index of the receipt of an included transaction, -1 if there is none. */
function placeOf(receipts: Uint8Array, id: Hash): number {
  for (let at = 0; at < receipts.length; at += receiptBytes) {
    if (receipts[at + 64] !== skipped && equalBytes(asHash(receipts.subarray(at, at + 32)), id)) {
      return at / receiptBytes
    }
  }
  return -1
}

/** The batches of a block with their ids and digests. Other work gets its turn after each. */
async function describeAll(
  { provider, domains }: Chain,
  bytes: Uint8Array,
): Promise<readonly DescribedBatch[]> {
  const described: DescribedBatch[] = []
  for (const batch of decodeBlock(bytes).batches) {
    described.push(describeBatch(provider, domains, batch))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return described
}
