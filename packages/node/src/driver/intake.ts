import { asHash, BanyanError, type Hash, hashLength } from '@banyan/base'
import {
  type AdmitContext,
  admitTransfers,
  type Batch,
  type Chain,
  type DescribedBatch,
  type GeneralEntry,
  generalBatch,
  openAdmission,
  transferBatch,
  transferLength,
  transferRecordLength,
  transferType,
  type VerifiedTransaction,
} from '@banyan/ledger'
import type { SubmitOutcome } from '../api/port.js'
import type { Mempool } from '../mempool/mempool.js'
import { flatTransfers } from '../mempool/transfer-store.js'
import type { Journal } from '../store/journal.js'

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

  /** Takes one by itself. Nothing of the request that brought it is kept alive by it. */
  const take = (
    admitNext: ReturnType<typeof openAdmission>,
    envelope: Uint8Array,
    verified: VerifiedTransaction | undefined,
  ): SubmitOutcome => {
    const own = new Uint8Array(envelope)
    return outcomeOf(() => {
      const admission = admitNext(own, verified === undefined ? { nonceFor } : { nonceFor, verified })
      mempool.add(admission, own, parts.chain().head.header.height)
      return admission.id
    })
  }

  const takeAll = async (envelopes: readonly Uint8Array[]): Promise<readonly SubmitOutcome[]> => {
    const [transfers, entries] = await Promise.all([
      verifyTransfers(parts, envelopes.filter(isTransfer)),
      verifyGeneral(parts, envelopes.filter(isGeneral)),
    ])
    const chain = parts.chain()
    const admitNext = openAdmission(chain)
    const takeTransfer = transfers && openTransfers(chain, mempool, transfers)
    let nextTransfer = 0
    let nextEntry = 0
    return envelopes.map((envelope) => {
      const outcome = isTransfer(envelope) ? takeTransfer?.(nextTransfer++) : undefined
      const verified = isGeneral(envelope) ? entries?.[nextEntry++]?.verified : undefined
      return outcome ?? take(admitNext, envelope, verified)
    })
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

function isTransfer(envelope: Uint8Array): boolean {
  return envelope[0] === transferType && envelope.length === transferLength
}

function isGeneral(envelope: Uint8Array): boolean {
  return envelope[0] !== transferType
}

/** Takes transfers that the threads have described, by their place; nothing for those that `admit` has to refuse. */
function openTransfers(
  chain: Chain,
  mempool: Mempool,
  described: DescribedBatch,
): (i: number) => SubmitOutcome | undefined {
  const verdicts = admitTransfers(chain, described)
  const transfers = flatTransfers(described)
  const ids = new Uint8Array(described.ids.buffer, described.ids.byteOffset, described.ids.byteLength)
  return (i) => {
    if (verdicts[i] === 0) return undefined
    return outcomeOf(() => {
      mempool.addTransfer(transfers, i)
      return asHash(ids.subarray(i * hashLength, (i + 1) * hashLength))
    })
  }
}

function outcomeOf(take: () => Hash): SubmitOutcome {
  try {
    return { id: take() }
  } catch (cause) {
    if (!(cause instanceof BanyanError)) throw cause
    return { error: cause }
  }
}

/** What the threads found out; nothing where there are few, or where one of them is not valid. */
async function verifyTransfers(
  { verify }: IntakeParts,
  envelopes: readonly Uint8Array[],
): Promise<DescribedBatch | undefined> {
  if (envelopes.length < worthThreads) return undefined
  const records = new Uint8Array(envelopes.length * transferRecordLength)
  for (const [i, envelope] of envelopes.entries()) records.set(envelope.subarray(1), i * transferRecordLength)
  return describeAll(verify, () => transferBatch(records))
}

async function verifyGeneral(
  { verify }: IntakeParts,
  envelopes: readonly Uint8Array[],
): Promise<readonly GeneralEntry[] | undefined> {
  if (envelopes.length < worthThreads) return undefined
  return (await describeAll(verify, () => generalBatch(envelopes)))?.entries
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
