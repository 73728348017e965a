import { BanyanError, fail } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { type SigningDomains, type VerifiedTransaction, verifyTransaction } from '../tx/authorize.js'
import { decodeEnvelope, type Transaction } from '../tx/envelope.js'
import type { Transfer } from '../tx/transfer.js'
import { type Batch, envelopesOf, transferRecords } from './batch.js'
import { type Descriptions, describeRecords } from './transfer-records.js'

/** A transaction of a general batch. Who signed it follows from its signatures, so these are verified. */
export type GeneralEntry = {
  readonly transaction: Exclude<Transaction, Transfer>
  readonly envelope: Uint8Array
  readonly verified: VerifiedTransaction
}

/** What a batch, or a part of one, says about each of its transactions. `entries` is empty for transfers. */
export type BatchContent = Descriptions & { readonly entries: readonly GeneralEntry[] }

/**
 * Describes every transaction of a batch, without its digest, and writes the leaf of each to `leaves`, 32 bytes each. Errors
 * as `describeBatch`.
 */
export function describeContent(
  provider: CryptoProvider,
  domains: SigningDomains,
  batch: Batch,
  leaves: Uint8Array,
): BatchContent {
  return batch.kind === 'transfers'
    ? { ...describeRecords(provider, domains.transfer, transferRecords(batch), leaves), entries: [] }
    : describeEnvelopes(provider, domains, batch, leaves)
}

function describeEnvelopes(
  provider: CryptoProvider,
  domains: SigningDomains,
  batch: Batch,
  leaves: Uint8Array,
): BatchContent {
  const ids = new Uint8Array(batch.count * 32)
  const senders = new Uint8Array(batch.count * 20)
  const pairs = new Uint8Array(batch.count * 64)
  const entries = envelopesOf(batch).map((envelope, i): GeneralEntry => {
    const entry = verifyEnvelope(provider, domains, envelope, i)
    const { id, sender, seal } = entry.verified
    ids.set(id, i * 32)
    senders.set(sender, i * 20)
    pairs.set(id, i * 64)
    pairs.set(seal, i * 64 + 32)
    return entry
  })
  provider.hashPairs(pairs, leaves)
  return { ids: new Uint32Array(ids.buffer), senders: new Uint32Array(senders.buffer), entries }
}

/** The transaction that stands at `index` of a general batch. Error: BatchTransactionInvalid. */
function verifyEnvelope(
  provider: CryptoProvider,
  domains: SigningDomains,
  envelope: Uint8Array,
  index: number,
): GeneralEntry {
  try {
    const transaction = decodeGeneral(envelope)
    return {
      transaction,
      envelope,
      verified: verifyTransaction(provider, domains, transaction, envelope),
    }
  } catch (error) {
    if (!(error instanceof BanyanError)) throw error
    return fail('BatchTransactionInvalid', { index, reason: error.message }, error)
  }
}

/** Decodes an envelope that may stand in a general batch. */
export function decodeGeneral(envelope: Uint8Array): GeneralEntry['transaction'] {
  const transaction = decodeEnvelope(envelope)
  if (transaction.kind === 'transfer')
    fail('BlockMalformed', { reason: 'a transfer stands in a general batch' })
  return transaction
}
