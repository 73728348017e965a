import { type BanyanError, banyanError, equalBytes, toHex } from '@banyan/base'
import { type AuthorizeOutcome, authorizeAccount } from '../host/authorize.js'
import type { Host } from '../host/host.js'
import { emptyAccount, type Overlay } from '../host/overlay.js'
import { bytesOf, fullTable, type RowCounts } from '../state/room.js'
import { accountFlags, type StateView } from '../state/view.js'
import { type CallEntry, type CallEnvironment, callsOf, type FeeTerms } from './call-result.js'
import { gas, type Prices, walletBaseFee } from './fees.js'
import { intrinsicWork } from './intrinsic.js'

/** One call transaction while it is executed. */
export type CallRun = {
  readonly host: Host
  readonly environment: CallEnvironment
  readonly overlay: Overlay
  readonly entry: CallEntry
  readonly terms: FeeTerms
  /** Compute gas counts this many times. */
  readonly factor: number
  /** Rows that the transaction may make. */
  readonly room: RowCounts
}

/** A call transaction that may be in the block: its nonce is taken and its largest fee charged. */
export type OpenedCall = {
  readonly intrinsic: { readonly compute: number; readonly bytes: number }
  /** Compute gas of the authorisation, times the factor. */
  readonly authorized: number
  /** Compute gas that the calls may use, before the factor. */
  readonly callGas: number
  /** In pip. */
  readonly largestFee: bigint
}

/** A call transaction that the block must skip. */
export type RefusedCall = {
  readonly refusal: BanyanError
  /** Compute gas of asking the account's policy, which nobody pays. */
  readonly unpaid: number
}

/** Checks terms, sponsor, nonce, funds and authorisation, and charges the fee; or says why the block must skip it. */
export function openCall(run: CallRun): OpenedCall | RefusedCall {
  const { overlay, entry, terms, factor, environment } = run
  const intrinsic = intrinsicWork(entry)
  const base = intrinsic.compute + intrinsic.bytes
  const refusal =
    refuseTerms(terms, environment.prices, base) ??
    refuseSponsor(run) ??
    refuseNonce(run) ??
    refuseFeeFunds(overlay, terms)
  if (refusal !== undefined) return { refusal, unpaid: 0 }

  const asksPolicy = isNativeOfPolicy(overlay, entry)
  const gasLimit = Math.floor((terms.gasLimit - base) / factor)
  const { gasUsed, reason } = authorize(run, gasLimit)
  const refuse = (late: BanyanError): RefusedCall => ({
    refusal: late,
    unpaid: asksPolicy ? intrinsic.compute + gasUsed : 0,
  })
  if (reason !== undefined) {
    return refuse(banyanError('AccountUnauthorized', { account: toHex(entry.verified.sender), reason }))
  }
  const authorized = gasUsed * factor
  const largestFee = largestFeeOf(terms)
  const payer = overlay.account(terms.payer) ?? emptyAccount
  overlay.setAccount(terms.payer, { ...payer, balance: payer.balance - largestFee })
  takeNonce(run)
  // Rows made so far stay even if the calls fail: where fees are zero, the sender and the payer may have just got theirs.
  const made = overlay.createdRows()
  const required = base + authorized + stateGas(made)
  if (required > terms.gasLimit) {
    return refuse(banyanError('GasLimitTooLow', { limit: terms.gasLimit, required }))
  }
  const full = fullTable(made, run.room)
  if (full !== undefined) return refuse(banyanError('TableFull', { table: full }))
  return { intrinsic, authorized, callGas: gasLimit - gasUsed, largestFee }
}

export function stateGas(rows: RowCounts): number {
  return bytesOf(rows) * gas.perStateByte
}

/** The most that the transaction can cost its payer, in pip. */
export function largestFeeOf(terms: FeeTerms): bigint {
  return BigInt(terms.gasLimit) * terms.maxFeePerGas
}

/** What is wrong with the terms of a fee, given the gas used before the first call. */
export function refuseTerms(terms: FeeTerms, prices: Prices, intrinsicGas: number): BanyanError | undefined {
  const { maxFeePerGas, tipPerGas, gasLimit } = terms
  if (tipPerGas > maxFeePerGas) return banyanError('TipAboveFee', { tip: tipPerGas, limit: maxFeePerGas })
  const baseFee = walletBaseFee(prices)
  if (maxFeePerGas < baseFee) return banyanError('FeeLimitTooLow', { limit: maxFeePerGas, required: baseFee })
  if (gasLimit < intrinsicGas)
    return banyanError('GasLimitTooLow', { limit: gasLimit, required: intrinsicGas })
  return undefined
}

/** Whether the payer cannot cover the largest fee. */
export function refuseFeeFunds(view: StateView, terms: FeeTerms): BanyanError | undefined {
  const balance = view.account(terms.payer)?.balance ?? 0n
  const required = largestFeeOf(terms)
  return balance < required ? banyanError('FeeFundsInsufficient', { balance, required }) : undefined
}

function refuseSponsor(run: CallRun): BanyanError | undefined {
  const { terms, entry } = run
  const { transaction, verified } = entry
  if (transaction.kind !== 'native' || equalBytes(terms.payer, verified.sender)) return undefined
  const refused = (reason: string): BanyanError => banyanError('SponsorRefused', { reason })
  const sponsorship = transaction.sponsor[0]
  if (sponsorship === undefined || verified.sponsorSigner === undefined) return refused('it did not sign')
  if (!equalBytes(verified.sponsorSigner, terms.payer)) return refused('another key signed for it')
  if (largestFeeOf(terms) > sponsorship.maxFee) return refused('the largest fee is above its cap')
  const flags = run.overlay.account(terms.payer)?.flags ?? 0
  return (flags & accountFlags.policy) !== 0
    ? refused('it has a policy, so a key does not suffice')
    : undefined
}

function refuseNonce(run: CallRun): BanyanError | undefined {
  const { transaction, verified } = run.entry
  if (transaction.kind !== 'ethereum') return undefined
  const given = transaction.nonce
  const expected = run.overlay.account(verified.sender)?.nonce ?? 0n
  if (given < expected) return banyanError('NonceTooLow', { expected, given })
  return given > expected ? banyanError('NonceTooHigh', { expected, given }) : undefined
}

function takeNonce(run: CallRun): void {
  const { transaction, verified } = run.entry
  if (transaction.kind !== 'ethereum') return
  const account = run.overlay.account(verified.sender) ?? emptyAccount
  run.overlay.setAccount(verified.sender, { ...account, nonce: account.nonce + 1n })
}

/** Whether a policy decides who may act for the account: bare keys do not, and only native transactions can satisfy one. */
export function isNativeOfPolicy(view: StateView, { transaction, verified }: CallEntry): boolean {
  const flags = view.account(verified.sender)?.flags ?? 0
  return transaction.kind === 'native' && (flags & accountFlags.policy) !== 0
}

/** Compute gas of the authorisation; a reason if the signers may not act for the account. */
function authorize(run: CallRun, gasLimit: number): AuthorizeOutcome {
  const { host, environment, overlay, entry, terms } = run
  const { transaction, verified } = entry
  const flags = overlay.account(verified.sender)?.flags ?? 0
  if ((flags & accountFlags.policy) === 0) {
    const isOwner = verified.signers.length === 1 && equalBytes(verified.signers[0]!, verified.sender)
    return isOwner ? { gasUsed: 0 } : { gasUsed: 0, reason: 'only its own key may sign' }
  }
  if (transaction.kind === 'ethereum') return { gasUsed: 0, reason: policyReason }
  const paysItself = equalBytes(terms.payer, verified.sender)
  return authorizeAccount(
    host,
    overlay,
    { block: environment.block, transactionId: verified.id, gasLimit },
    {
      account: verified.sender,
      signers: verified.signers,
      calls: callsOf(entry),
      maxFee: paysItself ? largestFeeOf(terms) : 0n,
    },
  )
}

/** Why an account with a policy cannot send anything but native transactions. */
export const policyReason = 'its policy needs a native transaction'
