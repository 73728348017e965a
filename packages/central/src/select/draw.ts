import { utf8 } from '@banyan/base'
import type { Hasher } from '@banyan/crypto'

export type Weighted<Value> = { readonly value: Value; readonly id: string; readonly weight: number }

/**
 * The candidates in a random order in which those of a greater weight tend to come first: each has the key -ln(u) / weight, with u drawn from
 * the seed and its id, so that the order of the input does not matter (Efraimidis and Spirakis, "Weighted random sampling with a reservoir",
 * 2006). Weights are above 0.
 */
export function weightedOrder<Value>(
  hasher: Pick<Hasher, 'sha256'>,
  seed: string,
  candidates: readonly Weighted<Value>[],
): readonly Value[] {
  return candidates
    .map(({ value, id, weight }) => ({
      value,
      id,
      key: -Math.log(unitDraw(hasher, `${seed} ${id}`)) / weight,
    }))
    .sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1))
    .map(({ value }) => value)
}

/** A number above 0 and at most 1, from 32 bits of a hash. */
function unitDraw(hasher: Pick<Hasher, 'sha256'>, text: string): number {
  const hash = hasher.sha256(utf8(text))
  return (new DataView(hash.buffer, hash.byteOffset).getUint32(0) + 1) / 2 ** 32
}
