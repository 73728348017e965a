import { type BanyanError, banyanError, createScratch } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { type Batch, envelopesOf, maxBatchBytes } from '../block/batch.js'
import { decodeGeneral, type GeneralEntry } from '../block/batch-content.js'
import { batchDigest } from '../block/batch-digest.js'
import type { DescribedBatch } from '../block/describe.js'
import type { SigningDomains } from '../tx/authorize.js'
import { unpackError } from './errors.js'
import type { Lane } from './lane.js'
import type { SliceAnswer, SliceContent } from './messages.js'
import { createRoom } from './room.js'
import { type Slice, slicesOf } from './slices.js'
import { readVerified } from './verified-bytes.js'

/** Bytes of batches under way at most; more have to wait. */
const maxPendingBytes = 4 * maxBatchBytes

export type Verification = {
  readonly verify: (domains: SigningDomains, batch: Batch) => Promise<DescribedBatch>
  readonly abandon: (error: BanyanError) => void
}

/** Describes and verifies batches on the workers behind the lanes. `requireRunning` throws if these have stopped. */
export function createVerification(
  lanes: readonly Lane[],
  loadProvider: () => Promise<CryptoProvider>,
  requireRunning: () => void,
): Verification {
  const room = createRoom(maxPendingBytes)
  let nextId = 0

  const send = (domains: SigningDomains, { batch }: Slice): Promise<SliceAnswer> => {
    const lane = lanes.reduce((least, other) => (other.load() < least.load() ? other : least))
    return lane.send({ id: nextId++, domains, bytes: batch.bytes }, batch.count)
  }

  const verify = async (domains: SigningDomains, batch: Batch): Promise<DescribedBatch> => {
    const provider = await loadProvider()
    await room.enter(batch.bytes.length)
    try {
      requireRunning()
      const slices = slicesOf(batch, lanes.length)
      const answers = await Promise.all(slices.map((slice) => send(domains, slice)))
      // In order, so that of several invalid transactions the first one is named.
      return joined(
        provider,
        batch,
        answers.map((answer, i) => contentOf(answer, slices[i]!.first)),
      )
    } finally {
      room.leave(batch.bytes.length)
    }
  }

  return {
    verify,
    abandon: (error) => {
      room.abandon(error)
      for (const lane of lanes) lane.abandon(error)
    },
  }
}

function contentOf(answer: SliceAnswer, first: number): SliceContent {
  if ('content' in answer) return answer.content
  const error = unpackError(answer.error)
  if (error.kind !== 'BatchTransactionInvalid') throw error
  const { index, reason } = error.details
  throw banyanError('BatchTransactionInvalid', { index: first + Number(index), reason: String(reason) })
}

const leavesScratch = createScratch()

function joined(provider: CryptoProvider, batch: Batch, contents: readonly SliceContent[]): DescribedBatch {
  const ids = new Uint32Array(batch.count * 8)
  const senders = new Uint32Array(batch.count * 5)
  const leaves = leavesScratch(batch.count * 32)
  let first = 0
  for (const content of contents) {
    ids.set(content.ids, first * 8)
    senders.set(content.senders, first * 5)
    leaves.set(content.leaves, first * 32)
    first += content.ids.length / 8
  }
  const entries = batch.kind === 'general' ? entriesOf(batch, contents) : []
  return { batch, ids, senders, digest: batchDigest(provider, batch, leaves), entries }
}

/** Decodes the envelopes once more, which is cheaper than to bring decoded transactions over from the workers. */
function entriesOf(batch: Batch, contents: readonly SliceContent[]): GeneralEntry[] {
  const entries: GeneralEntry[] = []
  const envelopes = envelopesOf(batch)
  for (const { verified: bytes } of contents) {
    for (let offset = 0; offset < bytes.length; ) {
      const envelope = envelopes[entries.length]!
      const { verified, end } = readVerified(bytes, offset)
      entries.push({ transaction: decodeGeneral(envelope), envelope, verified })
      offset = end
    }
  }
  return entries
}
