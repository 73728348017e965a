import { fail } from '@banyan/base'

/** What a request used, or is estimated to use. */
export type Usage = {
  readonly cpuMs: bigint
  readonly gpuMs: bigint
  /** In both directions. */
  readonly bytes: bigint
}

/** Prices of one class of machines in micro-units of the tariff's currency. */
export type Tier = {
  readonly name: string
  readonly perRequest: bigint
  readonly perCpuHour: bigint
  readonly perGpuHour: bigint
  /** Of 10^9 bytes, in either direction. */
  readonly perGigabyte: bigint
}

export type Tariff = {
  /** ISO 4217. */
  readonly currency: string
  /** The best first. */
  readonly tiers: readonly Tier[]
  /** What machines under heavy load cost, in ten-thousandths of the price of the last tier. */
  readonly loadedShare: bigint
}

const hourMs = 3_600_000n
const gigabyte = 1_000_000_000n

/** Micro-units, rounded down once: cost of time, graphics and traffic on the way to one sum, and the fixed part. */
export function priceOf(tier: Tier, { cpuMs, gpuMs, bytes }: Usage): bigint {
  const time = (cpuMs * tier.perCpuHour + gpuMs * tier.perGpuHour) * gigabyte
  return tier.perRequest + (time + bytes * tier.perGigabyte * hourMs) / (hourMs * gigabyte)
}

export function tierOf(tariff: Tariff, name: string): Tier {
  return tariff.tiers.find((tier) => tier.name === name) ?? fail('TierUnknown', { tier: name })
}

/** Price of the last tier on machines that are under heavy load. */
export function loadedPrice(tariff: Tariff, usage: Usage): bigint {
  return (priceOf(tariff.tiers.at(-1)!, usage) * tariff.loadedShare) / 10_000n
}
