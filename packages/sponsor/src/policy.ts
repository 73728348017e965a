import { type BanyanError, banyanError, fail, type Hex, toHex } from '@banyan/base'
import type { Call } from '@banyan/ledger'
import type { Address } from '@banyan/sdk'

/** For whom and for what a provider pays. */
export type SponsorPolicy = {
  /** Most that a calendar month (UTC) may cost, pip. */
  readonly budgetPerMonth: bigint
  /** Most that one transaction may cost, pip. */
  readonly maxFee: bigint
  /** Transactions of one user within a time. */
  readonly rate: { readonly count: number; readonly windowMs: number }
  /** What calls may do: each call of a transaction must be one of these. */
  readonly allowed: readonly AllowedCall[]
  /** Whether this user is one of the application's; all are by default. */
  readonly isUser?: (user: Address) => boolean | Promise<boolean>
}

export type AllowedCall = {
  /** The contract or payee; any by default. */
  readonly to?: Hex
  /** Selectors of four bytes; `payment` is a call without data. Any by default. */
  readonly methods?: readonly (Hex | 'payment')[]
}

/** Errors: OptionInvalid. */
export function checkPolicy({ budgetPerMonth, maxFee, rate, allowed }: SponsorPolicy): void {
  const refuse = (option: string, reason: string): never => fail('OptionInvalid', { option, reason })
  if (budgetPerMonth < 0n) refuse('budgetPerMonth', 'it is below 0')
  if (maxFee < 0n || maxFee >= 2n ** 128n) refuse('maxFee', 'it is not from 0 to 2^128 - 1')
  if (!Number.isSafeInteger(rate.count) || rate.count < 1 || rate.count > maxRate) {
    refuse('rate.count', `it is not from 1 to ${maxRate}`)
  }
  if (!Number.isSafeInteger(rate.windowMs) || rate.windowMs < 1)
    refuse('rate.windowMs', 'it is not from 1 on')
  for (const { to, methods = [] } of allowed) {
    if (to !== undefined && !/^0x[0-9a-fA-F]{40}$/.test(to)) refuse('allowed', `${to} is no address`)
    for (const method of methods) {
      if (method !== 'payment' && !/^0x[0-9a-fA-F]{8}$/.test(method))
        refuse('allowed', `${method} is no selector`)
    }
  }
}

/** Times that are remembered of each user. */
const maxRate = 1_000

/** What a call does, as policies and statements name it. */
export function methodOf({ data }: Pick<Call, 'data'>): Hex | 'payment' {
  return data.length < 4 ? 'payment' : toHex(data.subarray(0, 4))
}

/** The refusal that a call meets, if any. */
export function refuseCall(policy: SponsorPolicy, call: Call): BanyanError | undefined {
  const target = toHex(call.to)
  const method = methodOf(call)
  const fits = policy.allowed.some(
    ({ to, methods }) =>
      (to === undefined || to.toLowerCase() === target) &&
      (methods === undefined || methods.some((one) => one.toLowerCase() === method)),
  )
  return fits ? undefined : refused(`its policy does not cover ${method} to ${target}`)
}

export function refused(reason: string): BanyanError {
  return banyanError('SponsorshipRefused', { reason })
}
