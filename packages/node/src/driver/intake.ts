import { BanyanError, concatBytes, type Hash } from '@banyan/base'
import {
  admit,
  type Batch,
  type Chain,
  type DescribedBatch,
  decodeEnvelope,
  describeTransaction,
  generalBatch,
  transferBatch,
  transferType,
  type VerifiedTransaction,
} from '@banyan/ledger'
import type { SubmitOutcome } from '../api/port.js'
import type { Mempool } from '../mempool/mempool.js'

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
}

/** Takes transactions into the mempool: signatures on the threads, everything else here, each judged by itself. */
export function createIntake(
  parts: IntakeParts,
): (envelopes: readonly Uint8Array[]) => Promise<readonly SubmitOutcome[]> {
  const { mempool } = parts

  const take = (envelope: Uint8Array, verified: VerifiedTransaction | undefined): SubmitOutcome => {
    const chain = parts.chain()
    try {
      const admission = admit(chain, envelope, {
        ...(verified === undefined ? {} : { verified }),
        nonceFor: (sender, given) => mempool.nonceFor(sender, given),
      })
      mempool.add(admission, envelope, chain.head.header.height)
      return { id: admission.id }
    } catch (cause) {
      if (!(cause instanceof BanyanError)) throw cause
      parts.onRefused(cause)
      return { error: cause }
    }
  }

  return async (envelopes) => {
    const verified = await verifyAll(parts, envelopes)
    const outcomes = envelopes.map((envelope, i) => take(envelope, verified[i]))
    const ids = outcomes.flatMap(({ id }) => (id === undefined ? [] : [id]))
    if (ids.length > 0) parts.onAdded(ids)
    return outcomes
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
  const { provider, domains } = chain()
  for (const i of places) {
    const envelope = envelopes[i]!
    const description = describeTransaction(provider, domains, decodeEnvelope(envelope), envelope)
    verified[i] = { ...description, signers: [description.sender], sponsorSigner: undefined }
  }
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
