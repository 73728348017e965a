import {
  addressLength,
  asAddress,
  asHash,
  BanyanError,
  concatBytes,
  type Hash,
  hashLength,
} from '@banyan/base'
import {
  type AdmitContext,
  type Batch,
  type Chain,
  type DescribedBatch,
  generalBatch,
  openAdmission,
  transferBatch,
  transferType,
  type VerifiedTransaction,
} from '@banyan/ledger'
import type { SubmitOutcome } from '../api/port.js'
import type { Mempool } from '../mempool/mempool.js'
import type { Journal } from '../store/journal.js'

const signatureLength = 64
/** From so many envelopes of a kind on, their signatures are checked on other threads. */
const worthThreads = 8

export type IntakeParts = {
  readonly chain: () => Chain
  readonly mempool: Mempool
  readonly verify: (batch: Batch) => Promise<DescribedBatch>
  /** Called after transactions were added. */
  readonly onAdded: (ids: readonly Hash[]) => void
  /** Called for each refusal. */
  readonly onRefused: (error: BanyanError) => void
  /** Makes envelopes durable. */
  readonly keep: Journal['add']
  /** Called when they could not be made durable. */
  readonly onFailure: (error: unknown) => void
}

export type Intake = {
  /** Takes transactions from clients; those that it gives an id for are durable. */
  readonly submit: (envelopes: readonly Uint8Array[]) => Promise<readonly SubmitOutcome[]>
  /** Takes transactions that an earlier process had taken, as far as they can still be included. */
  readonly restore: (envelopes: readonly Uint8Array[]) => Promise<void>
}

/** Takes transactions into the mempool: signatures on the threads, everything else here, each judged by itself. */
export function createIntake(parts: IntakeParts): Intake {
  const { mempool } = parts

  const nonceFor: AdmitContext['nonceFor'] = (sender, given) => mempool.nonceFor(sender, given)

  const take = (
    admitNext: ReturnType<typeof openAdmission>,
    envelope: Uint8Array,
    verified: VerifiedTransaction | undefined,
  ): SubmitOutcome => {
    try {
      const admission = admitNext(envelope, verified === undefined ? { nonceFor } : { nonceFor, verified })
      mempool.add(admission, envelope, parts.chain().head.header.height)
      return { id: admission.id }
    } catch (cause) {
      if (!(cause instanceof BanyanError)) throw cause
      return { error: cause }
    }
  }

  const takeAll = async (envelopes: readonly Uint8Array[]): Promise<readonly SubmitOutcome[]> => {
    const verified = await verifyAll(parts, envelopes)
    const admitNext = openAdmission(parts.chain())
    return envelopes.map((envelope, i) => take(admitNext, envelope, verified[i]))
  }

  return {
    submit: async (envelopes) => {
      const outcomes = await takeAll(envelopes)
      for (const { error } of outcomes) if (error !== undefined) parts.onRefused(error)
      const ids = outcomes.flatMap(({ id }) => (id === undefined ? [] : [id]))
      if (ids.length > 0) parts.onAdded(ids)
      const lost = await keep(
        parts,
        envelopes.filter((_, i) => outcomes[i]!.error === undefined),
      )
      return lost === undefined ? outcomes : outcomes.map(({ error }) => ({ error: error ?? lost }))
    },
    restore: async (envelopes) => {
      await takeAll(envelopes)
    },
  }
}

/** The error with which envelopes could not be made durable, if any. They may be included all the same. */
async function keep(parts: IntakeParts, envelopes: readonly Uint8Array[]): Promise<BanyanError | undefined> {
  try {
    await parts.keep(envelopes)
    return undefined
  } catch (error) {
    if (!(error instanceof BanyanError)) throw error
    if (error.kind !== 'LogBusy') parts.onFailure(error)
    return error
  }
}

/** What the threads found out about each envelope; nothing where there are few, or where one of its kind is not valid. */
async function verifyAll(
  parts: IntakeParts,
  envelopes: readonly Uint8Array[],
): Promise<readonly (VerifiedTransaction | undefined)[]> {
  const verified: (VerifiedTransaction | undefined)[] = new Array(envelopes.length).fill(undefined)
  const isTransfer = (envelope: Uint8Array): boolean => envelope[0] === transferType
  const places = [...envelopes.keys()]
  const transfers = places.filter((i) => isTransfer(envelopes[i]!))
  const others = places.filter((i) => !isTransfer(envelopes[i]!))
  await Promise.all([
    verifyTransfers(parts, envelopes, transfers, verified),
    verifyGeneral(parts, envelopes, others, verified),
  ])
  return verified
}

async function verifyTransfers(
  { chain, verify }: IntakeParts,
  envelopes: readonly Uint8Array[],
  places: readonly number[],
  verified: (VerifiedTransaction | undefined)[],
): Promise<void> {
  if (places.length < worthThreads) return
  const records = concatBytes(...places.map((i) => envelopes[i]!.subarray(1)))
  const described = await describeAll(verify, () => transferBatch(records))
  if (described === undefined) return
  const { provider } = chain()
  const ids = bytesOf(described.ids)
  const senders = bytesOf(described.senders)
  for (const [k, i] of places.entries()) {
    const sender = asAddress(senders.slice(k * addressLength, (k + 1) * addressLength))
    verified[i] = {
      id: asHash(ids.slice(k * hashLength, (k + 1) * hashLength)),
      seal: provider.sha256(envelopes[i]!.subarray(-signatureLength)),
      sender,
      signers: [sender],
      sponsorSigner: undefined,
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

async function verifyGeneral(
  { verify }: IntakeParts,
  envelopes: readonly Uint8Array[],
  places: readonly number[],
  verified: (VerifiedTransaction | undefined)[],
): Promise<void> {
  if (places.length < worthThreads) return
  const described = await describeAll(verify, () => generalBatch(places.map((i) => envelopes[i]!)))
  for (const [k, i] of places.entries()) verified[i] = described?.entries[k]?.verified
}

/** Nothing if any of them is not valid: then each is judged by itself. Error: WorkerFailed. */
async function describeAll(
  verify: IntakeParts['verify'],
  batch: () => Batch,
): Promise<DescribedBatch | undefined> {
  try {
    return await verify(batch())
  } catch (error) {
    if (error instanceof BanyanError && error.kind !== 'WorkerFailed') return undefined
    throw error
  }
}
