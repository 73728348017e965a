import { fail } from '@banyan/base'

/** What one coin buys: thousands of MIPS-hours, TFLOPS-hours, gigabytes, in units of 10^-18. */
export type Resources = { readonly cpu: bigint; readonly gpu: bigint; readonly traffic: bigint }

/** Coefficients from a day on, counted from the Unix epoch: as the contract `prices` keeps them. */
export type ResourceCurve = Resources & { readonly fromDay: number }

/** Days in which what a coin buys doubles. */
export const doublingDays = 730

/**
 * R(N) = R(0)·K^N with K = 2^(1/730), as plain numbers: the mirror of the contract for estimates, equal to a billionth. `curves` rise by day. Error:
 * CurveInvalid for a day before all of them.
 */
export function resourcesOn(
  curves: readonly ResourceCurve[],
  day: number,
): Readonly<Record<keyof Resources, number>> {
  const curve = curves.findLast(({ fromDay }) => fromDay <= day)
  if (curve === undefined) return fail('CurveInvalid', { reason: `there is none for day ${day}` })
  const growth = 2 ** ((day - curve.fromDay) / doublingDays)
  const amount = (start: bigint): number => (Number(start) / 1e18) * growth
  return { cpu: amount(curve.cpu), gpu: amount(curve.gpu), traffic: amount(curve.traffic) }
}
