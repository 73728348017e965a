import { type Address, asAddress, asAssetId, asHeight, type Hash } from '@banyan/base'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Addresses } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  type Batch,
  type Chain,
  createChain,
  describeBatch,
  encodePackage,
  type FeeRules,
  type Genesis,
  type GenesisAccount,
  packageItemLength,
  signPackage,
  transferBatch,
  transferOffsets,
  transferRecordLength,
} from '@banyan/ledger'
import type { Random } from '@banyan/testing'

/** Fees as a busy chain has them; limits far above the blocks of the benchmark. */
const price = 10n ** 9n
export const fees: FeeRules = {
  start: { compute: price, bytes: price, state: price },
  floor: { compute: price, bytes: price, state: price },
  limit: { compute: 4e9, bytes: 4e9, state: 4e9 },
}

const balance = 10n ** 24n

/** Largest fee of a transfer in nano-FIG: some way above its cost of 6,088. */
const maxFee = 20_000

/** Accounts of a benchmark chain, flat: 32-byte public keys and 20-byte addresses. */
export type People = { readonly count: number; readonly keys: Uint8Array; readonly addresses: Uint8Array }

/** Accounts with random bytes as public keys. Nothing can be signed for them. */
export function randomPeople(random: Random, count: number): People {
  const words = new Uint32Array(count * 8)
  for (let i = 0; i < words.length; i++) words[i] = random.u32()
  return peopleOf(new Uint8Array(words.buffer), count)
}

/** Accounts whose seeds are known: the i-th is the number i + 1, little-endian. */
export function signingPeople(count: number): People {
  const keys = new Uint8Array(count * 32)
  for (let i = 0; i < count; i++) keys.set(native.ed25519.publicKey(seedOf(i)), i * 32)
  return peopleOf(keys, count)
}

/** The first `a.count` people are those of `a`. */
export function joinPeople(a: People, b: People): People {
  const keys = new Uint8Array(a.keys.length + b.keys.length)
  keys.set(a.keys)
  keys.set(b.keys, a.keys.length)
  return peopleOf(keys, a.count + b.count)
}

function peopleOf(keys: Uint8Array, count: number): People {
  const addresses = new Uint8Array(count * 20)
  ed25519Addresses(native, keys, count, addresses)
  return { count, keys, addresses }
}

export function seedOf(index: number): Uint8Array {
  const seed = new Uint8Array(32)
  new DataView(seed.buffer).setUint32(0, index + 1, true)
  return seed
}

export function addressOf(people: People, index: number): Address {
  return asAddress(people.addresses.slice(index * 20, index * 20 + 20))
}

function* genesisAccounts(people: People, delegate: Address | undefined): Generator<GenesisAccount> {
  for (let i = 0; i < people.count; i++) {
    const address = addressOf(people, i)
    yield i > 0 && delegate !== undefined ? { address, balance, delegate } : { address, balance }
  }
}

/** A chain on which every account holds FIG, in the order of the people: the i-th has account number i + 1. */
export function benchChain(people: People, options: { readonly delegate?: boolean } = {}): Chain {
  const genesis: Genesis = {
    chainId: 4242n,
    timestamp: 1n,
    fees,
    maxRows: 2 ** 26,
    accounts: genesisAccounts(people, options.delegate === true ? addressOf(people, 0) : undefined),
    assets: [],
  }
  return createChain({
    genesis,
    provider: native,
    collection: genesisCollection,
    capacity: { accounts: people.count + 1, balances: 64, utxos: 64, storage: 64 },
  })
}

/** Where in a chain transactions are made: what is signed depends on it. */
export type Place = Pick<Chain, 'domains'> & {
  readonly head: { readonly id: Hash; readonly header: { readonly height: number } }
}

/** Transfers of small amounts of FIG; payers are the first `payers` people, payees any. Signature bytes are zero. */
export function unsignedTransfers(
  chain: Place,
  people: People,
  random: Random,
  count: number,
  payers = people.count,
): Batch {
  const batch = transferBatch(new Uint8Array(count * transferRecordLength))
  rewriteTransfers(batch, chain, people, random, payers)
  return batch
}

/**
 * Writes other transfers into a batch, as `unsignedTransfers` makes them. What is measured next need not pay for
 * collecting the memory of the batches before.
 */
export function rewriteTransfers(
  batch: Batch,
  chain: Place,
  people: People,
  random: Random,
  payers = people.count,
): void {
  const records = recordsOf(batch)
  const words = new Uint32Array(records.buffer, records.byteOffset)
  const recordWords = transferRecordLength / 4
  for (let i = 0; i < batch.count; i++) {
    const payer = random.below(payers)
    const payee = random.below(people.count)
    const at = i * transferRecordLength
    records.set(people.keys.subarray(payer * 32, payer * 32 + 32), at + transferOffsets.payerKey)
    records.set(chain.head.id, at + transferOffsets.mark)
    records.set(people.addresses.subarray(payee * 20, payee * 20 + 20), at + transferOffsets.payee)
    const record = i * recordWords
    words[record + transferOffsets.nonce / 4] = random.u32()
    words[record + transferOffsets.amount / 4] = 1 + random.below(1_000_000)
    words[record + transferOffsets.maxFee / 4] = maxFee
    words[record + transferOffsets.validUntil / 4] = chain.head.header.height + 60
  }
}

/** The records of a batch of transfers. */
export function recordsOf(batch: Batch): Uint8Array {
  return batch.bytes.subarray(batch.bytes.length - batch.count * transferRecordLength)
}

/** Transfers as `unsignedTransfers` makes them, signed; payers are the `signingPeople` in `payers`. */
export function signedTransfers(
  chain: Place,
  people: People,
  random: Random,
  payers: ReadonlyMap<string, number>,
  count: number,
): Batch {
  const batch = unsignedTransfers(chain, people, random, count, payers.size)
  const { ids } = describeBatch(native, chain.domains, batch)
  signTransfers(batch, new Uint8Array(ids.buffer), payers)
  return batch
}

/** Signs the transfers of a batch in place, for payers that are the first of `signingPeople`. */
function signTransfers(batch: Batch, ids: Uint8Array, payerOf: ReadonlyMap<string, number>): void {
  const content = recordsOf(batch)
  for (let i = 0; i < batch.count; i++) {
    const at = i * transferRecordLength
    const payer = payerOf.get(keyText(content.subarray(at, at + 32)))!
    const id = ids.subarray(i * 32, i * 32 + 32)
    content.set(native.ed25519.sign(id, seedOf(payer)), at + transferOffsets.signature)
  }
}

/** Seeds by public key, for `signTransfers`. */
export function payersByKey(people: People): ReadonlyMap<string, number> {
  const payers = new Map<string, number>()
  for (let i = 0; i < people.count; i++) payers.set(keyText(people.keys.subarray(i * 32, i * 32 + 32)), i)
  return payers
}

function keyText(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1')
}

/** Packages signed by the first account for all others, `itemCount` random items in each. */
export function packageEnvelopes(
  chain: Place,
  people: People,
  random: Random,
  packages: number,
  itemCount: number,
): readonly Uint8Array[] {
  return Array.from({ length: packages }, () => {
    const items = new Uint32Array(itemCount * (packageItemLength / 4))
    for (let i = 0; i < itemCount; i++) {
      items[i * 6] = 1 + random.below(people.count)
      items[i * 6 + 1] = 1 + random.below(people.count)
      items[i * 6 + 2] = 1 + random.below(1_000_000)
    }
    const unsigned = {
      signerKey: people.keys.slice(0, 32),
      mark: chain.head.id,
      nonce: random.bigint(1n << 64n),
      validUntil: asHeight(BigInt(chain.head.header.height + 60)),
      asset: asAssetId(0),
      maxFee: 1000 * maxFee,
      tip: 0,
      mode: 'perItem' as const,
      items: new Uint8Array(items.buffer),
    }
    return encodePackage(signPackage(native, chain.domains.package, unsigned, seedOf(0)))
  })
}
