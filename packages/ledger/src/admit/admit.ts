import type { Address, Hash } from '@banyan/base'
import type { Chain } from '../chain.js'
import { feeTermsOf } from '../execute/call-result.js'
import { largestFeeOf } from '../execute/open-call.js'
import { transferFees } from '../execute/transfers.js'
import { checkTerms, type VerifiedTransaction, verifyTransaction } from '../tx/authorize.js'
import { decodeEnvelope, type Transaction } from '../tx/envelope.js'
import { admitCall } from './call.js'
import { type AdmitGround, type AdmitScope, admitPackage, admitTransfer, largestFlatFee } from './flat.js'
import { nextBlock } from './next-block.js'

/** A transaction that could be the first of the next block. */
export type Admission = {
  readonly id: Hash
  readonly sender: Address
  /** Account that pays the fee: the sender, or the sponsor of a native transaction. */
  readonly payer: Address
  /** The most that it can cost its payer in fees, in pip. */
  readonly largestFee: bigint
  /** Last height at which it may be included; `undefined` for Ethereum transactions, which their nonce bounds. */
  readonly validUntil: bigint | undefined
  readonly transaction: Transaction
  readonly verified: VerifiedTransaction
}

/** What is known about a transaction besides the chain's newest block. */
export type AdmitContext = {
  /** What `verifyTransaction` returned for it, if that was done before, on another thread. */
  readonly verified?: VerifiedTransaction
  /**
   * The nonce that an Ethereum transaction has to have, given its sender and the one it has: another than the account's
   * where transactions of the sender wait already.
   */
  readonly nonceFor?: (sender: Address, given: bigint) => bigint
}

/**
 * Checks one transaction against the state after the chain's newest block, with the executor's own rules, and changes
 * nothing. Cheap checks come first: size, type, form, chain and tip; mark and validity; replay; fee and funds; then the
 * signatures, and what follows from who signed. An admitted transaction that comes next in the next block is executed: it
 * succeeds, or fails for what its calls or items do. `envelope` is not kept, but views of it may be.
 * Errors: those of `decodeEnvelope`, `verifyTransaction` and of the executor, with what was found and what is required.
 */
export function admit(chain: Chain, envelope: Uint8Array, context: AdmitContext = {}): Admission {
  return openAdmission(chain)(envelope, context)
}

/** `admit` for many transactions one after the other, as long as the chain does not move. */
export function openAdmission(chain: Chain): (envelope: Uint8Array, context: AdmitContext) => Admission {
  const { provider, domains } = chain
  const block = nextBlock(chain)
  const ground: AdmitGround = { provider, domains, block, transferFees: transferFees(block) }
  return (envelope, context) => admitOne(chain, ground, envelope, context)
}

function admitOne(
  chain: Chain,
  ground: AdmitGround,
  envelope: Uint8Array,
  { verified: known, nonceFor }: AdmitContext,
): Admission {
  const transaction = decodeEnvelope(envelope)
  const { provider, domains } = ground
  checkTerms(domains, transaction)
  const verify = (): VerifiedTransaction =>
    known ?? verifyTransaction(provider, domains, transaction, envelope)
  const scope: AdmitScope = { ...ground, known, verify }
  switch (transaction.kind) {
    case 'transfer': {
      const verified = admitTransfer(scope, transaction, envelope)
      return describe(transaction, verified, verified.sender, largestFlatFee(transaction))
    }
    case 'package': {
      const verified = admitPackage(scope, transaction, envelope)
      return describe(transaction, verified, verified.sender, largestFlatFee(transaction))
    }
    default: {
      const verified = admitCall(chain, scope, transaction, envelope, nonceFor)
      const terms = feeTermsOf({ transaction, envelope, verified })
      return describe(transaction, verified, terms.payer, largestFeeOf(terms))
    }
  }
}

function describe(
  transaction: Transaction,
  verified: VerifiedTransaction,
  payer: Address,
  largestFee: bigint,
): Admission {
  const { id, sender } = verified
  return { id, sender, payer, largestFee, validUntil: validUntilOf(transaction), transaction, verified }
}

function validUntilOf(transaction: Transaction): bigint | undefined {
  if (transaction.kind === 'ethereum') return undefined
  return transaction.kind === 'native' ? transaction.body.validUntil : transaction.validUntil
}
