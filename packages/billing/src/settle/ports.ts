import type { Hex } from '@banyan/base'
import type { Refusal, SignedTransfer, Way } from '../rollup/event.js'

/** A transfer with what travels with it. */
export type AnchoredTransfer = {
  /**
   * `collect`: from the account to the payout account, by the consent that the account gave. `advance`: from the operator to the payout
   * account. `pay`: from the payout account to the account.
   */
  readonly way: Way
  readonly account: Hex
  /** pip. */
  readonly amount: bigint
  readonly anchor: Hex
  readonly xor: Hex
}

export type Signing =
  | { readonly isSigned: true; readonly transfer: SignedTransfer }
  | { readonly isSigned: false; readonly refusal: Refusal }

export type Settling =
  | { readonly isSettled: true; readonly height: number }
  | { readonly isSettled: false; readonly refusal: Refusal }

/** A chain on which settlements happen. */
export type SettlementChain = {
  /** Makes a transaction and gives it to nobody. One that was made can be included at most once, and never after it was refused. */
  readonly sign: (transfer: AnchoredTransfer) => Promise<Signing>
  /**
   * Gives a signed transaction to the chain, again whenever that is needed, and waits until it is final or can never be. Rejects only where that
   * is unknown.
   */
  readonly settle: (transfer: SignedTransfer, of: AnchoredTransfer) => Promise<Settling>
  /** pip of the payout account. */
  readonly payoutBalance: () => Promise<bigint>
}

export type TopUp = {
  /** The same for the same top-up: asking again changes nothing and answers the same. */
  readonly key: string
  readonly account: Hex
  /** pip that the account needs. */
  readonly amount: bigint
}

/** Sells coin to customers by card, direct debit and the like. Adapters are configuration; `createSandboxGateway` is for tests. */
export type PaymentGateway = {
  /** Holds the price on the customer's payment method. */
  readonly reserve: (topUp: TopUp) => Promise<'reserved' | 'refused'>
  /** Takes what was held, and resolves when the coin is in the account; `refused` releases what was held. */
  readonly deliver: (topUp: TopUp) => Promise<'delivered' | 'refused'>
}
