import { decodeJson, encodeJson, type Hex } from '@banyan/base'
import type { Plan } from './plan.js'

/** How an obligation is met: by a collection, by what the operator pays in instead, or by a payout. */
export type Way = 'collect' | 'advance' | 'pay'

/** A transaction that was signed and can be given to the chain any number of times. */
export type SignedTransfer = {
  readonly id: Hex
  readonly envelope: Hex
  /** Last height at which it can be included. */
  readonly validUntil: number
}

/** Why a transfer does not happen: the account holds too little by so many pip; it may not be taken or does not arrive; too late. */
export type Refusal =
  | { readonly reason: 'short'; readonly missing: bigint }
  | { readonly reason: 'refused' }
  | { readonly reason: 'expired' }

type Of<Type extends string, Fields = unknown> = {
  readonly type: Type
  readonly way: Way
  readonly account: Hex
} & Fields

/** What has happened to settlements. Each is durable before anything follows from it. */
export type BillingEvent =
  | { readonly type: 'planned'; readonly plan: Plan }
  | Of<'signed', { readonly transfer: SignedTransfer }>
  | Of<'settled', { readonly id: Hex; readonly height: number }>
  | Of<'refused', { readonly refusal: Refusal }>
  | Of<'reserved'>
  | Of<'delivered'>
  | Of<'topUpRefused'>
  /** `surplus`: what strangers sent to the payout account. */
  | { readonly type: 'closed'; readonly period: string; readonly surplus: bigint }

/** As `encodeJson` of @banyan/base writes it: no text of an event looks like a number there. */
export function encodeEvent(event: BillingEvent): string {
  return encodeJson(event)
}

export function decodeEvent(text: string): BillingEvent {
  return decodeJson(text) as BillingEvent
}
