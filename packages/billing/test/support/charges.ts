import { toHex } from '@banyan/base'
import { type Charge, makeCharge, type Shares } from '@banyan/billing'
import type { Random } from '@banyan/testing'

/** Charges of a small world: a few accounts, amounts of any size. */

export const day = Date.UTC(2026, 10, 21)
export const nobody = `0x${'00'.repeat(20)}` as const

export function account(name: string): `0x${string}` {
  return toHex(new TextEncoder().encode(name.padEnd(20, '.').slice(0, 20)))
}

export const shares: Shares = {
  contributor: 6_000n,
  developer: 2_500n,
  charities: { contributor: 100n, developer: 50n, operator: 1_000n },
}

let nextId = 0

/** An id of a time; each is new, and random below the time. */
export function newId(random: Random, at: number): string {
  const id = random.bytes(16)
  for (let i = 0; i < 6; i++) id[i] = Math.floor(at / 256 ** (5 - i)) % 256
  id[15] = nextId++ % 256
  return toHex(id)
}

export type Wish = {
  readonly at?: number
  readonly price?: bigint
  readonly subsidy?: bigint
  readonly enterprise?: string
  readonly contributor?: string
  readonly developer?: string
  readonly rate?: bigint
  readonly custom?: Record<string, string>
}

export function newCharge(random: Random, wish: Wish = {}): Charge {
  const at = wish.at ?? day + random.below(86_400_000)
  const price = wish.price ?? random.bigint(5_000_000n)
  const subsidy = wish.subsidy ?? (random.below(4) === 0 ? random.bigint(price + 1n) : 0n)
  const pick = (kind: string, count: number): string => account(`${kind} ${random.below(count)}`)
  return makeCharge(
    {
      id: newId(random, at),
      at,
      region: 'north',
      dservice: 'thumbnails@1.4.0',
      endUser: `u${random.below(1_000)}`,
      deal: 'use',
      currency: 'EUR',
      rate: wish.rate ?? 10n ** 12n + random.bigint(10n ** 9n),
      salt: toHex(random.bytes(32)),
      custom: wish.custom ?? { order: String(random.below(1_000)) },
      private: {
        bytesIn: random.bigint(10_000n),
        bytesOut: random.bigint(10_000_000n),
        cpuMs: random.bigint(10_000n),
        gpuMs: 0n,
        latencyMs: random.bigint(100n),
        memoryBytes: random.bigint(2n ** 30n),
        miner: `m${random.below(50)}`,
        request: 'POST /thumbnails/make?width=128',
      },
    },
    {
      tier: 'gold',
      isLoaded: false,
      price,
      enterpriseAmount: price - subsidy,
      houseAmount: subsidy,
    },
    {
      enterprise: wish.enterprise ?? pick('enterprise', 4),
      house: account('house'),
      operator: account('operator'),
      contributor: wish.contributor ?? pick('contributor', 6),
      developer: wish.developer ?? pick('developer', 3),
      charities:
        random.below(3) === 0 ? { contributor: account('charity'), operator: account('charity') } : {},
    },
    shares,
  )
}
