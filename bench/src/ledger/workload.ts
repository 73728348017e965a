import { type Address, asAddress } from '@banyan/base'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Addresses } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  type Batch,
  type Chain,
  createChain,
  type FeeRules,
  type Genesis,
  type GroupRunner,
  transferBatch,
} from '@banyan/ledger'
import type { Random } from '@banyan/testing'

/** Fees as a busy chain has them; limits far above the blocks of the benchmark. */
export const fees: FeeRules = {
  start: { compute: 10n ** 9n, bytes: 10n ** 9n, state: 10n ** 9n },
  floor: { compute: 10n ** 9n, bytes: 10n ** 9n, state: 10n ** 9n },
  limit: { compute: 1e12, bytes: 1e12, state: 1e12 },
}

const balance = 10n ** 24n

/** Accounts of a benchmark chain: 32-byte public keys and their addresses, flat. */
export type People = { readonly count: number; readonly keys: Uint8Array; readonly addresses: Uint8Array }

/**
 * Accounts with random bytes as public keys: nothing can be signed for them, so they serve where signatures are left
 * out, or as payees.
 */
export function randomPeople(random: Random, count: number): People {
  const words = new Uint32Array(count * 8)
  for (let i = 0; i < words.length; i++) words[i] = random.u32()
  const keys = new Uint8Array(words.buffer)
  const addresses = new Uint8Array(count * 20)
  ed25519Addresses(native, keys, count, addresses)
  return { count, keys, addresses }
}

export function addressOf(people: People, index: number): Address {
  return asAddress(people.addresses.slice(index * 20, index * 20 + 20))
}

function* genesisAccounts(people: People, delegate: Address | undefined) {
  for (let i = 0; i < people.count; i++) {
    const address = addressOf(people, i)
    yield i > 0 && delegate !== undefined ? { address, balance, delegate } : { address, balance }
  }
}

/** A chain on which every account holds FIG. `delegate`: all accounts let the first one move their funds by packages. */
export function benchChain(
  people: People,
  options: { readonly delegate?: boolean; readonly runGroups?: GroupRunner } = {},
): Chain {
  const genesis: Genesis = {
    chainId: 4242n,
    timestamp: 1n,
    fees,
    maxRows: 2 ** 26,
    accounts: genesisAccounts(people, options.delegate === true ? addressOf(people, 0) : undefined),
    assets: [],
  }
  const capacity = { accounts: people.count, balances: 64, utxos: 64, storage: 64 }
  const { runGroups } = options
  return createChain({
    genesis,
    provider: native,
    collection: genesisCollection,
    capacity,
    ...(runGroups === undefined ? {} : { runGroups }),
  })
}

/** Payers and payees drawn evenly from all people. Signature bytes stay zero. */
export function unsignedTransfers(chain: Chain, people: People, random: Random, count: number): Batch {
  const records = new Uint8Array(count * 192)
  const words = new Uint32Array(records.buffer)
  const mark = chain.head.id
  const validUntil = chain.head.header.height + 20
  for (let i = 0; i < count; i++) {
    const payer = random.below(people.count)
    const payee = random.below(people.count)
    const at = i * 192
    records.set(people.keys.subarray(payer * 32, payer * 32 + 32), at)
    records.set(mark, at + 32)
    records.set(people.addresses.subarray(payee * 20, payee * 20 + 20), at + 64)
    words[i * 48 + 22] = random.u32()
    words[i * 48 + 24] = 1 + random.below(1_000_000)
    words[i * 48 + 28] = 4_000_000_000
    words[i * 48 + 30] = validUntil
  }
  return transferBatch(records)
}
