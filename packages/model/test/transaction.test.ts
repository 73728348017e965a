import { toHex, uintToLe, utf8 } from '@banyan/base'
import {
  type Batch,
  batchDigest,
  bodyRoot,
  decodeBatch,
  decodeTransaction,
  ed25519Address,
  encodeBatch,
  encodeTransaction,
  type Package,
  p256Address,
  secp256k1Address,
  seededRandom,
  sha256,
  signingDomains,
  type Transfer,
  transactionId,
} from '@banyan/model'
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { expect, test } from 'vitest'

const random = seededRandom(2)
const chunk = new ByteVectorType(32)

const common = {
  publicKey: random.bytes(32),
  mark: random.bytes(32),
  nonce: random.uint(64),
  validUntil: random.uint(64),
  asset: 0xfffffffe,
  maxFee: 123_456,
  tip: 77,
  signature: random.bytes(64),
}
const transfer: Transfer = {
  ...common,
  kind: 'transfer',
  payee: random.bytes(20),
  amount: random.uint(128),
}
const pack: Package = {
  ...common,
  kind: 'package',
  atomic: false,
  items: [
    { payer: 1, payee: 2, amount: random.uint(128) },
    { payer: 0xffffffff, payee: 0, amount: 1n },
  ],
}

test('LED-3: a transfer has 193 bytes at the stated offsets', () => {
  const bytes = encodeTransaction(transfer)
  expect(bytes).toHaveLength(193)
  expect(bytes[0]).toBe(0x7a)
  expect(bytes.subarray(65, 85)).toEqual(transfer.payee)
  expect(bytes.subarray(85, 89)).toEqual(Uint8Array.of(0xfe, 0xff, 0xff, 0xff))
  expect(bytes.subarray(97, 113)).toEqual(uintToLe(transfer.amount, 16))
  expect(bytes.subarray(113, 121)).toEqual(Uint8Array.of(0x40, 0xe2, 1, 0, 77, 0, 0, 0))
  expect(bytes.subarray(129)).toEqual(transfer.signature)
  expect(decodeTransaction(bytes)).toEqual(transfer)
  expect(bodyRoot(transfer)).toEqual(new ByteVectorType(128).hashTreeRoot(bytes.subarray(1, 129)))
})

test('LED-5: a package has 161 + 24·n bytes at the stated offsets', () => {
  const bytes = encodeTransaction(pack)
  expect(bytes).toHaveLength(161 + 48)
  expect(bytes.subarray(93, 97)).toEqual(Uint8Array.of(2, 0, 0, 1))
  expect(decodeTransaction(bytes)).toEqual(pack)
  const type = new ContainerType({ key: chunk, mark: chunk, rest: chunk, items: new ByteListType(2 ** 21) })
  const value = {
    key: bytes.subarray(1, 33),
    mark: bytes.subarray(33, 65),
    rest: bytes.subarray(65, 97),
    items: bytes.subarray(161),
  }
  expect(bodyRoot(pack)).toEqual(type.hashTreeRoot(value))
})

test('LED-3: bytes of another layout are refused', () => {
  for (const bytes of [encodeTransaction(transfer), encodeTransaction(pack)]) {
    expect(() => decodeTransaction(bytes.subarray(1))).toThrow('malformed')
    expect(() => decodeTransaction(bytes.subarray(0, -1))).toThrow('malformed')
  }
  expect(() => decodeTransaction(encodeTransaction({ ...pack, items: [] }))).toThrow('malformed')
})

test('LED-3: an id depends on the chain and not on the signature', () => {
  const padded = (text: string) => Buffer.from(text.padEnd(32, '\0'))
  const genesisId = random.bytes(32)
  const domain = sha256(sha256(padded('banyan/transfer'), uintToLe(5n, 32)), genesisId)
  expect(transactionId(transfer, signingDomains(5n, genesisId))).toEqual(sha256(bodyRoot(transfer), domain))
  const resigned = { ...transfer, signature: random.bytes(64) }
  expect(transactionId(resigned, signingDomains(5n, genesisId))).toEqual(
    transactionId(transfer, signingDomains(5n, genesisId)),
  )
  expect(transactionId(transfer, signingDomains(6n, genesisId))).not.toEqual(
    transactionId(transfer, signingDomains(5n, genesisId)),
  )
})

test('LED-6: batches survive encoding, and their digest covers ids, signatures and kind', () => {
  const transfers: Batch = { kind: 0, transactions: [transfer, transfer, transfer] }
  const general: Batch = { kind: 1, transactions: [pack] }
  expect(encodeBatch(transfers)).toHaveLength(8 + 3 * 192)
  expect(encodeBatch(general)).toHaveLength(8 + 4 + 161 + 48)
  for (const batch of [transfers, general]) {
    const bytes = encodeBatch(batch)
    expect(decodeBatch(bytes)).toEqual(batch)
    expect(() => decodeBatch(bytes.subarray(0, -1))).toThrow()
  }
  expect(() => decodeBatch(encodeBatch({ kind: 1, transactions: [transfer] }))).toThrow('malformed')
  const ids = [random.bytes(32), random.bytes(32), random.bytes(32)]
  const leaves = ids.map((id) => sha256(id, sha256(transfer.signature)))
  const list = new ListCompositeType(chunk, 2 ** 16).hashTreeRoot(leaves)
  expect(batchDigest(transfers, ids)).toEqual(sha256(list, new Uint8Array(32)))
})

test('LED-2: an address binds the algorithm of its key', () => {
  const key = random.bytes(32)
  const padded = Buffer.from('banyan/address/ed25519'.padEnd(32, '\0'))
  expect(ed25519Address(key)).toEqual(sha256(key, padded).slice(12))
  const point = random.bytes(64)
  const p256 = sha256(sha256(point), Buffer.concat([utf8('banyan/address/p256'), new Uint8Array(13)]))
  expect(p256Address(point)).toEqual(p256.slice(12))
  // The generator of secp256k1 is the public key of the private key 1, whose Ethereum address is well known.
  const generator =
    '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798' +
    '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'
  const address = secp256k1Address(new Uint8Array(Buffer.from(generator, 'hex')))
  expect(toHex(address)).toBe('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf')
})
