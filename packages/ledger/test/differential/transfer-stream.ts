import { toHex } from '@banyan/base'
import { ed25519Address, type NaiveBalances } from '@banyan/model'
import type { Random } from '@banyan/testing'

/** Holders by number: unsigned transfers need only their keys. */
export type Holders = {
  readonly count: number
  /** Eight words each. */
  readonly keys: Uint32Array
  /** Five words each. */
  readonly addresses: Uint32Array
  readonly names: readonly string[]
}

export function makeHolders(random: Random, count: number): Holders {
  const keys = random.bytes(count * 32)
  const addresses = new Uint8Array(count * 20)
  for (let i = 0; i < count; i++) {
    addresses.set(ed25519Address(keys.subarray(i * 32, i * 32 + 32)), i * 20)
  }
  const names = Array.from({ length: count }, (_, i) => toHex(addresses.subarray(i * 20, i * 20 + 20)))
  return { count, keys: new Uint32Array(keys.buffer), addresses: new Uint32Array(addresses.buffer), names }
}

const recordWords = 48
const nano = 1_000_000_000n
const low32 = 0xffffffffn

/** Draws transfers, writes them as records, applies them to naive balances and counts what becomes of them there. */
export function drawTransfers(
  random: Random,
  holders: Holders,
  naive: NaiveBalances,
  mark: Uint8Array,
  height: number,
  count: number,
): { readonly records: Uint8Array; readonly counts: Record<'success' | 'failed' | 'skipped', number> } {
  const words = new Uint32Array(count * recordWords)
  const markWords = new Uint32Array(mark.slice().buffer)
  const counts = { success: 0, failed: 0, skipped: 0 }
  for (let i = 0; i < count; i++) {
    const at = i * recordWords
    const dice = random.u32()
    const payer = pickHolder(random, holders)
    const payee = dice % 16 === 0 ? payer : pickHolder(random, holders)
    const asset = dice % 10 < 7 ? 0 : (dice % 2) + 1
    const tip = dice % 3 === 0 ? random.below(1000) : 0
    const balance = naive.tables[asset]!.get(holders.names[payer]!) ?? 0n
    const amount = pickAmount(random, balance)
    for (let k = 0; k < 8; k++) words[at + k] = holders.keys[payer * 8 + k]!
    words.set(markWords, at + 8)
    for (let k = 0; k < 5; k++) words[at + 16 + k] = holders.addresses[payee * 5 + k]!
    words[at + 21] = asset
    words[at + 22] = i
    words[at + 23] = height
    for (let k = 0; k < 4; k++) words[at + 24 + k] = Number((amount >> BigInt(32 * k)) & low32)
    words[at + 28] = 1_000_000
    words[at + 29] = tip
    words[at + 30] = height
    counts[
      naive.apply({
        payer: holders.names[payer]!,
        payee: holders.names[payee]!,
        asset,
        amount,
        tip: BigInt(tip) * nano,
      })
    ]++
  }
  return { records: new Uint8Array(words.buffer), counts }
}

/** One in eight comes from the first 16 holders. */
function pickHolder(random: Random, { count }: Holders): number {
  return random.u32() % 8 === 0 ? random.below(16) : random.below(count)
}

/** Mostly a small share of the balance; sometimes all of it, a little more, nothing, or 128 bits. */
function pickAmount(random: Random, balance: bigint): bigint {
  const dice = random.below(32)
  if (dice === 0) return 0n
  if (dice === 1) return balance
  if (dice === 2) return BigInt.asUintN(128, balance - 9_088_000_000n)
  if (dice === 3) return BigInt.asUintN(128, balance + 1n)
  if (dice === 4) return random.bigint(1n << 128n)
  return (balance * BigInt(random.u32())) >> 36n
}
