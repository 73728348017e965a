import { fail } from '@banyan/base'

/** Compute gas of what contracts ask of the host. */
export const gasPrices = {
  /** Entering a contract, from outside or from another contract. */
  call: 1_000,
  rowRead: 100,
  rowWrite: 300,
  log: 300,
  logByte: 8,
  /** Per 32 bytes hashed, begun chunks included, on top of `hash`. */
  hashChunk: 6,
  hash: 60,
  secp256k1Recover: 3_000,
  ed25519Verify: 2_000,
  p256Verify: 3_450,
  blsPossession: 60_000,
} as const

/** Gas of one call and all calls it makes. Numbers are exact: limits are far below 2^53. */
export type GasMeter = { readonly limit: number; used: number }

/** Errors: `GasExhausted`; the limit then counts as used up. */
export function chargeGas(meter: GasMeter, gas: number): void {
  meter.used += gas
  if (meter.used > meter.limit) {
    meter.used = meter.limit
    fail('GasExhausted', { limit: meter.limit })
  }
}
