import { errorCode, fail, fig } from '@banyan/base'
import { type CryptoProvider, ed25519Address } from '@banyan/crypto'
import type { BlockExecution } from '../execute/block-execution.js'
import { pipPerNano } from '../execute/fees.js'
import { flatFee } from '../execute/flat-fee.js'
import { largestRows, packageWork } from '../execute/packages.js'
import { refuseAsset, refuseAssetUse, refuseFig, type transferFees } from '../execute/transfers.js'
import { balanceKey, keyOf, stateView } from '../state/state-view.js'
import { readUint } from '../state/u128.js'
import type { SigningDomains, VerifiedTransaction } from '../tx/authorize.js'
import { type Package, packageId, packageItemLength } from '../tx/package.js'
import { type Transfer, transferId } from '../tx/transfer.js'
import { failAsset, requireFlatFee, requireNew, requireValidity } from './refuse.js'

/** What all transactions are checked against that come after the same block. */
export type AdmitGround = {
  readonly provider: CryptoProvider
  readonly domains: SigningDomains
  /** The next block, empty. */
  readonly block: BlockExecution
  readonly transferFees: ReturnType<typeof transferFees>
}

/** What the checks of every type work on. */
export type AdmitScope = AdmitGround & {
  /** What was found out about the transaction before. */
  readonly known: VerifiedTransaction | undefined
  /** Verifies the signatures of the transaction, or returns what was found before. Errors: those of `verifyTransaction`. */
  readonly verify: () => VerifiedTransaction
}

const fundsCode = errorCode('FundsInsufficient')

/** Checks a transfer as the next transaction of the next block: all but its signature costs no more than hashes. */
export function admitTransfer(scope: AdmitScope, tx: Transfer, envelope: Uint8Array): VerifiedTransaction {
  const { provider, domains, block, known } = scope
  requireValidity(block, tx.mark, tx.validUntil)
  requireNew(block, known?.id ?? transferId(provider, domains.transfer, tx))
  const sender = known?.sender ?? ed25519Address(provider, tx.payerKey)
  const { accounts, balances } = block.state
  const payee =
    tx.asset === fig ? accounts.find(keyOf(tx.payee), 0) : balances.find(balanceKey(tx.payee, tx.asset), 0)
  const { plain, creating } = scope.transferFees
  const total = requireFlatFee(block, sender, payee < 0 ? creating : plain, tx)
  const fee = readUint(total, 0, 4)
  // The executor's checks read the record of a batch, which is the envelope without its type.
  const record = keyOf(envelope.subarray(1))
  const failure =
    tx.asset === fig
      ? refuseFig(accounts, accounts.find(keyOf(sender), 0), record, 0, total)
      : refuseAsset(block, tx.asset, balances.find(balanceKey(sender, tx.asset), 0), record, 0)
  if (failure === fundsCode) {
    const view = stateView(block.state)
    const isFig = tx.asset === fig
    const balance = isFig ? (view.account(sender)?.balance ?? 0n) : view.balance(sender, tx.asset)
    fail('FundsInsufficient', { balance, required: isFig ? tx.amount + fee : tx.amount })
  }
  if (failure !== 0) failAsset(failure, tx.asset)
  const table = tx.asset === fig ? accounts : balances
  if (payee < 0 && table.room() === 0) fail('TableFull', { table: table.rows.name })
  return scope.verify()
}

/**
 * Checks a package as the next transaction of the next block. What grows with its items comes last: hashes, then the
 * signature, then the rows that its payees lack. Whether its items can be applied shows in the block.
 */
export function admitPackage(scope: AdmitScope, tx: Package, envelope: Uint8Array): VerifiedTransaction {
  const { provider, domains, block } = scope
  requireValidity(block, tx.mark, tx.validUntil)
  const sender = ed25519Address(provider, tx.signerKey)
  const items = tx.items.length / packageItemLength
  const feeFor = (newRows: number) =>
    requireFlatFee(block, sender, flatFee(block, packageWork(items, envelope.length, newRows)), tx)
  feeFor(0)
  requireNew(block, packageId(provider, domains.package, tx))
  const unusable = tx.asset === fig ? 0 : refuseAssetUse(block, tx.asset)
  if (unusable !== 0) failAsset(unusable, tx.asset)
  const verified = scope.verify()
  feeFor(largestRows(block, tx))
  return verified
}

/** The largest fee that a transfer or package allows, in pip. */
export function largestFlatFee({ maxFee }: { readonly maxFee: number }): bigint {
  return BigInt(maxFee) * pipPerNano
}
