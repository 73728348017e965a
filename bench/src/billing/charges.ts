import { toHex } from '@banyan/base'
import { type Charge, makeCharge, type Shares } from '@banyan/billing'
import { native } from '@banyan/crypto/native'

/** A day of a region: 200 enterprises, 5,000 machines, 50 services. */

const shares: Shares = {
  contributor: 6_000n,
  developer: 2_000n,
  charities: { contributor: 0n, developer: 0n, operator: 0n },
}

const accountOf = (kind: number, number: number): `0x${string}` => {
  const bytes = native.keccak256(Uint8Array.of(kind, number & 255, number >> 8)).subarray(0, 20)
  return toHex(bytes)
}
const enterprises = Array.from({ length: 200 }, (_, i) => accountOf(1, i))
const contributors = Array.from({ length: 5_000 }, (_, i) => accountOf(2, i))
const developers = Array.from({ length: 50 }, (_, i) => accountOf(3, i))
const [operator, house] = [accountOf(4, 0), accountOf(5, 0)]

/** New charges of now, each with an id of its own. */
export function newCharges(count: number): readonly Charge[] {
  const at = Date.now()
  return Array.from({ length: count }, (_, i) => {
    const id = native.randomBytes(16)
    for (let j = 0; j < 6; j++) id[j] = Math.floor(at / 256 ** (5 - j)) % 256
    const price = BigInt(100 + (i % 9_000))
    return makeCharge(
      {
        id: toHex(id),
        at,
        region: 'north',
        dservice: 'thumbnails@1.4.0',
        endUser: `user-${i % 1_000}`,
        deal: 'use',
        currency: 'EUR',
        rate: 1_000_000_000_000n,
        salt: toHex(native.randomBytes(32)),
        custom: { order: String(i) },
        private: {
          bytesIn: 1_000n,
          bytesOut: 20_000n,
          cpuMs: 35n,
          gpuMs: 0n,
          latencyMs: 12n,
          memoryBytes: 50_000_000n,
          miner: `miner-${i % 5_000}`,
          request: 'POST /thumbnails/make?width=128&height=128',
        },
      },
      { tier: 'gold', isLoaded: false, price, enterpriseAmount: price, houseAmount: 0n },
      {
        enterprise: enterprises[i % enterprises.length]!,
        house,
        operator,
        contributor: contributors[i % contributors.length]!,
        developer: developers[i % developers.length]!,
      },
      shares,
    )
  })
}
