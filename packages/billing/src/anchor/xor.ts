/**
 * Exclusive or of row hashes. It stands beside each anchor for those who compare it, and proves nothing: whoever may choose among a few hundred rows
 * finds others with the same value in milliseconds, by linear algebra.
 */
export function xorInto(sum: Uint8Array, hash: Uint8Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! ^= hash[i]!
}
