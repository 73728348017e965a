import { type Address, fail } from '@banyan/base'
import type { Chain } from '../chain.js'
import type { BlockExecution } from '../execute/block-execution.js'
import { type CallEntry, type FeeTerms, feeTermsOf } from '../execute/call-result.js'
import { refuseCall } from '../execute/calls.js'
import { callFits } from '../execute/general.js'
import { intrinsicWork } from '../execute/intrinsic.js'
import { refuseFeeFunds, refuseTerms } from '../execute/open-call.js'
import { openPayment } from '../execute/payments.js'
import { transactionKeys } from '../execute/schedule.js'
import { roomOf } from '../state/room.js'
import { keyOf, stateView } from '../state/state-view.js'
import type { Account, StateView } from '../state/view.js'
import { describeTransaction, type VerifiedTransaction } from '../tx/authorize.js'
import type { AdmitContext } from './admit.js'
import type { AdmitScope } from './flat.js'
import { failWork, requireNew, requireValidity } from './refuse.js'

type CallTransaction = CallEntry['transaction']

/**
 * Checks a native or Ethereum transaction as the next transaction of the next block. Signatures are verified when all
 * that does not need them holds; a policy is asked after that.
 */
export function admitCall(
  chain: Chain,
  scope: AdmitScope,
  tx: CallTransaction,
  envelope: Uint8Array,
  nonceFor: AdmitContext['nonceFor'],
): VerifiedTransaction {
  const { provider, domains, block } = scope
  const { known } = scope
  if (
    known !== undefined &&
    isPayable(chain, block, { transaction: tx, envelope, verified: known }, nonceFor)
  ) {
    return known
  }
  const view = withNonce(stateView(block.state), tx, nonceFor)
  if (tx.kind === 'native') {
    requireValidity(block, tx.body.mark, tx.body.validUntil)
    const described = describeTransaction(provider, domains, tx, envelope)
    requireNew(block, described.id)
    const unsigned = { ...described, signers: [], sponsorSigner: undefined }
    const terms = requireTerms(scope, { transaction: tx, envelope, verified: unsigned })
    const short = refuseFeeFunds(view, terms)
    if (short !== undefined) throw short
  } else {
    // Only the signature tells who sent it, but its id and its terms stand in its bytes.
    const id = provider.keccak256(envelope)
    requireNew(block, id)
    const unsigned = { id, seal: id, sender: tx.to, signers: [], sponsorSigner: undefined }
    requireTerms(scope, { transaction: tx, envelope, verified: unsigned })
  }
  const verified = scope.verify()
  const entry: CallEntry = { transaction: tx, envelope, verified }
  const environment = { block: block.callBlock, prices: block.prices }
  const alone = transactionKeys(chain.host, environment, view, entry) === undefined
  const refusal = refuseCall(chain.host, environment, view, { entry, alone }, roomOf(block.state))
  if (refusal !== undefined) throw refusal
  return verified
}

/** Whether it is a plain payment that would go through: then nothing else needs to be looked at. */
function isPayable(
  { host }: Chain,
  block: BlockExecution,
  entry: CallEntry,
  nonceFor: AdmitContext['nonceFor'],
): boolean {
  const { transaction, verified } = entry
  if (transaction.kind !== 'ethereum' || block.state.window.has(keyOf(verified.id), 0)) return false
  const expected = nonceFor?.(verified.sender, transaction.nonce)
  return openPayment(block, host.collection, entry, expected) !== undefined
}

/** The view as it will be when the Ethereum transactions that wait have been executed, as far as nonces go. */
function withNonce(view: StateView, tx: CallTransaction, nonceFor: AdmitContext['nonceFor']): StateView {
  if (tx.kind !== 'ethereum' || nonceFor === undefined) return view
  const account = (address: Address): Account | undefined => {
    const found = view.account(address)
    return found === undefined ? undefined : { ...found, nonce: nonceFor(address, tx.nonce) }
  }
  return { ...view, account }
}

/** Errors: FeeLimitTooLow, GasLimitTooLow, WorkTooLarge, GasLimitTooHigh. */
function requireTerms({ block }: AdmitScope, entry: CallEntry): FeeTerms {
  const terms = feeTermsOf(entry)
  const { compute, bytes } = intrinsicWork(entry)
  const refusal = refuseTerms(terms, block.prices, compute + bytes)
  if (refusal !== undefined) throw refusal
  const { limit } = block.rules
  if (bytes > limit.bytes) failWork(block, { compute, bytes, state: 0 })
  if (!callFits(block, entry, 0, 0)) {
    fail('GasLimitTooHigh', { limit: terms.gasLimit, blockLimit: Math.min(limit.compute, limit.state) })
  }
  return terms
}
