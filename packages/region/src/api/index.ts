/**
 * What a region answers below /_banyan (docs/compute.md), as types alone. Amounts are whole micro-units of a currency in decimal digits
 * unless another unit is named; times are ms since the Unix epoch.
 */
export type * from './charges.js'
export type * from './operations.js'
export type * from './work.js'
