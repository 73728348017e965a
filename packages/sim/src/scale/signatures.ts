import { asHash } from '@banyan/base'
import type { VotingScheme } from '@banyan/consensus'
import type { SignatureCosts } from './costs.js'

/** A scheme without cryptography whose signatures have the right sizes, and which notes what they would have cost. */
export type CountingScheme = {
  readonly scheme: VotingScheme
  readonly sign: () => Uint8Array
  /** CPU time of all calls since the last time it was asked, µs. */
  readonly spent: () => number
}

/** Nobody lies in this model, so every signature holds and all are the same bytes. */
export function createCountingScheme(costs: SignatureCosts): CountingScheme {
  const message = asHash(new Uint8Array(32))
  const single = new Uint8Array(costs.bytes).fill(1)
  let spent = 0

  function charge<Value>(micros: number, value: Value): Value {
    spent += micros
    return value
  }

  return {
    scheme: {
      name: 'mock',
      message: () => message,
      verify: () => charge(costs.verify, true),
      combine(signatures) {
        const length = costs.isSummed ? costs.bytes : costs.bytes * signatures.length
        return charge(
          costs.combine * signatures.length,
          length === costs.bytes ? single : new Uint8Array(length),
        )
      },
      verifyCombined: (_, signers) =>
        charge(costs.verifyCombined + costs.verifyCombinedEach * signers.length, true),
    },
    sign: () => charge(costs.sign, single),
    spent() {
      const all = spent
      spent = 0
      return all
    },
  }
}
