import { BanyanError, concatBytes, type ErrorName, errorRegistry } from '@banyan/base'
import {
  decodeEnvelope,
  decodeEthereum,
  decodeNative,
  decodePackage,
  decodeTransfer,
  encodeEnvelope,
  maxGeneralLength,
  maxPackageLength,
  type NativeBody,
  signEthereum,
} from '@banyan/ledger'
import { describe, expect, test } from 'vitest'
import { looseEnvelope } from './reference.js'
import { hex, type Item, raw, rlp } from './rlp-items.js'
import {
  filled,
  fullBody,
  makeNative,
  makePackage,
  makeSponsored,
  nativeBody,
  provider,
  secret,
  transfer,
  unsignedAccessList,
  unsignedEthereum,
  unsignedLegacy,
} from './samples.js'

/** Bytes that must not pass, each with the registry error that names its defect. */

type Hostile = readonly [name: string, error: ErrorName, bytes: Uint8Array]

const one = Uint8Array.of(1)
const none = new Uint8Array(0)
const scalar = filled(32, 0x33)
const to = filled(20, 0x44)
const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'
const aboveHalf = '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1'
/** v of chain 4242. */
const v = hex('2147')

const legacyFields: readonly Item[] = [one, one, one, to, one, none, v, scalar, scalar]
const feeFields: readonly Item[] = [one, one, one, one, one, to, one, none, [], one, scalar, scalar]
const accessFields: readonly Item[] = [one, one, one, one, to, one, none, [], one, scalar, scalar]

const replaced = (fields: readonly Item[], index: number, item: Item): readonly Item[] =>
  fields.map((field, i) => (i === index ? item : field))
const legacy = (index: number, item: Item): Uint8Array => rlp(replaced(legacyFields, index, item))
const eip1559 = (index: number, item: Item): Uint8Array =>
  concatBytes(Uint8Array.of(2), rlp(replaced(feeFields, index, item)))
const eip2930 = (index: number, item: Item): Uint8Array =>
  concatBytes(Uint8Array.of(1), rlp(replaced(accessFields, index, item)))

const legacyEnvelope = encodeEnvelope(signEthereum(provider, unsignedLegacy, secret))
const feeEnvelope = encodeEnvelope(signEthereum(provider, unsignedEthereum, secret))
const accessEnvelope = encodeEnvelope(signEthereum(provider, unsignedAccessList, secret))
const transferEnvelope = encodeEnvelope(transfer)
const packageEnvelope = encodeEnvelope(makePackage(3))
const nativeEnvelope = encodeEnvelope(makeNative(nativeBody))
const fullEnvelope = encodeEnvelope(makeSponsored())

/** A copy with some bytes overwritten. */
function patched(bytes: Uint8Array, at: number, ...content: readonly number[]): Uint8Array {
  const out = bytes.slice()
  out.set(content, at)
  return out
}

/** Where `part` is inside `bytes`. */
function find(bytes: Uint8Array, part: Uint8Array): number {
  const at = Buffer.from(bytes).indexOf(part)
  expect(at).toBeGreaterThan(0)
  return at
}

const withByte = (bytes: Uint8Array): Uint8Array => concatBytes(bytes, Uint8Array.of(0))

const general: readonly Hostile[] = [
  ['nothing', 'TransactionMalformed', none],
  ['EIP-4844 type', 'TransactionTypeUnknown', Uint8Array.of(3, 0xc0)],
  ['EIP-7702 type', 'TransactionTypeUnknown', Uint8Array.of(4, 0xc0)],
  ['type 0 with a type byte', 'TransactionTypeUnknown', concatBytes(Uint8Array.of(0), legacyEnvelope)],
  ['type 0x79', 'TransactionTypeUnknown', patched(transferEnvelope, 0, 0x79)],
  ['type 0x7d', 'TransactionTypeUnknown', patched(packageEnvelope, 0, 0x7d)],
  ['type 0xbf', 'TransactionTypeUnknown', Uint8Array.of(0xbf)],
  ['a large unknown type', 'TransactionTypeUnknown', filled(3_000_000, 0x55)],
]

const transfers: readonly Hostile[] = [
  ['only its type', 'TransactionMalformed', Uint8Array.of(0x7a)],
  ['one byte short', 'TransactionMalformed', transferEnvelope.subarray(0, 192)],
  ['one byte long', 'TransactionTooLarge', withByte(transferEnvelope)],
  ['huge', 'TransactionTooLarge', filled(10_000_000, 0x7a)],
]

const packages: readonly Hostile[] = [
  ['only its type', 'TransactionMalformed', Uint8Array.of(0x7c)],
  ['no room for items', 'TransactionMalformed', packageEnvelope.subarray(0, 160)],
  ['no items', 'TransactionMalformed', patched(packageEnvelope.subarray(0, 161), 93, 0, 0, 0)],
  ['last item cut off', 'TransactionMalformed', packageEnvelope.subarray(0, packageEnvelope.length - 1)],
  ['surplus byte', 'TransactionMalformed', withByte(packageEnvelope)],
  ['count below the items', 'TransactionMalformed', patched(packageEnvelope, 93, 2)],
  ['count above the items', 'TransactionMalformed', patched(packageEnvelope, 93, 4)],
  ['65,537 items in the count', 'TransactionMalformed', patched(packageEnvelope, 93, 1, 0, 1)],
  ['largest count', 'TransactionMalformed', patched(packageEnvelope, 93, 255, 255, 255)],
  ['mode 2', 'TransactionMalformed', patched(packageEnvelope, 96, 2)],
  ['mode 255', 'TransactionMalformed', patched(packageEnvelope, 96, 255)],
  ['65,537 items', 'TransactionTooLarge', patched(filled(maxPackageLength + 24, 0), 0, 0x7c)],
]

const ethereum: readonly Hostile[] = [
  ['legacy: an empty list', 'TransactionMalformed', hex('c0')],
  ['legacy: a list of one field', 'TransactionMalformed', hex('c101')],
  ['legacy: nine empty fields', 'CreationUnsupported', rlp(Array.from({ length: 9 }, () => none))],
  ['legacy: cut off', 'TransactionMalformed', legacyEnvelope.subarray(0, legacyEnvelope.length - 1)],
  ['legacy: a byte after it', 'TransactionMalformed', withByte(legacyEnvelope)],
  ['legacy: a surplus field', 'TransactionMalformed', rlp([...legacyFields, one])],
  ['legacy: a missing field', 'TransactionMalformed', rlp(legacyFields.slice(0, 8))],
  ['legacy: unsigned', 'TransactionMalformed', rlp(legacyFields.slice(0, 6))],
  ['legacy: v 27, no chain id', 'TransactionMalformed', legacy(6, hex('1b'))],
  ['legacy: v 28, no chain id', 'TransactionMalformed', legacy(6, hex('1c'))],
  ['legacy: v 34', 'TransactionMalformed', legacy(6, hex('22'))],
  ['legacy: v 0', 'TransactionMalformed', legacy(6, none)],
  ['legacy: chain id of 65 bits', 'TransactionMalformed', legacy(6, hex('020000000000000023'))],
  ['legacy: v of ten bytes', 'TransactionMalformed', legacy(6, hex('01000000000000000000'))],
  ['legacy: long form of the outer length', 'TransactionNotCanonical', hex('f801c0')],
  [
    'legacy: outer length with a leading zero',
    'TransactionNotCanonical',
    concatBytes(hex('f90076'), legacyEnvelope),
  ],
  ['legacy: outer length cut off', 'TransactionMalformed', hex('f9')],
  ['legacy: outer length of eight bytes', 'TransactionMalformed', hex('ff0100000000000000')],
  ['legacy: outer length of four gigabytes', 'TransactionMalformed', hex('fbffffffff')],
  ['type 1: no payload', 'TransactionMalformed', hex('01')],
  ['type 2: no payload', 'TransactionMalformed', hex('02')],
  ['type 2: payload is a string', 'TransactionMalformed', hex('0280')],
  ['type 2: cut off', 'TransactionMalformed', feeEnvelope.subarray(0, 100)],
  ['type 2: a byte after it', 'TransactionMalformed', withByte(feeEnvelope)],
  ['type 1: a byte after it', 'TransactionMalformed', withByte(accessEnvelope)],
  ['type 2 with the fields of type 1', 'TransactionMalformed', patched(accessEnvelope, 0, 2)],
  ['type 1 with the fields of type 2', 'TransactionMalformed', patched(feeEnvelope, 0, 1)],
  ['type 2: unsigned', 'TransactionMalformed', concatBytes(Uint8Array.of(2), rlp(feeFields.slice(0, 9)))],
  ['chain id with a leading zero', 'TransactionNotCanonical', eip1559(0, raw('820001'))],
  ['nonce zero as the byte 0', 'TransactionNotCanonical', eip1559(1, raw('00'))],
  ['nonce 1 with a length', 'TransactionNotCanonical', eip1559(1, raw('8101'))],
  ['nonce of nine bytes', 'TransactionMalformed', eip1559(1, hex('010000000000000000'))],
  ['nonce is a list', 'TransactionMalformed', eip1559(1, [])],
  ['legacy: nonce zero as the byte 0', 'TransactionNotCanonical', legacy(0, raw('00'))],
  ['gas price of 17 bytes', 'TransactionMalformed', legacy(1, filled(17, 1))],
  ['fee with a leading zero', 'TransactionNotCanonical', eip1559(3, raw('820001'))],
  ['gas limit of nine bytes', 'TransactionMalformed', eip1559(4, filled(9, 1))],
  ['no recipient: creation', 'CreationUnsupported', eip1559(5, none)],
  ['type 1: creation', 'CreationUnsupported', eip2930(4, none)],
  ['recipient of 19 bytes', 'TransactionMalformed', eip1559(5, filled(19, 1))],
  ['recipient of 21 bytes', 'TransactionMalformed', eip2930(4, filled(21, 1))],
  ['value of 2^128', 'TransactionMalformed', eip1559(6, hex('0100000000000000000000000000000000'))],
  ['value with a leading zero', 'TransactionNotCanonical', legacy(4, raw('820001'))],
  ['data in a long form', 'TransactionNotCanonical', eip1559(7, raw('b80101'))],
  ['data beyond the transaction', 'TransactionMalformed', eip1559(7, raw('b9ffff'))],
  ['data is a list', 'TransactionMalformed', eip1559(7, [one])],
  ['access list is a string', 'TransactionMalformed', eip1559(8, none)],
  ['access list entry is a string', 'TransactionMalformed', eip1559(8, [to])],
  ['access list entry without keys', 'TransactionMalformed', eip2930(7, [[to]])],
  ['access list address of 19 bytes', 'TransactionMalformed', eip1559(8, [[filled(19, 1), []]])],
  ['storage key of 31 bytes', 'TransactionMalformed', eip2930(7, [[to, [filled(31, 1)]]])],
  ['storage key of 33 bytes', 'TransactionMalformed', eip1559(8, [[to, [filled(33, 1)]]])],
  ['access list entry with a third field', 'TransactionMalformed', eip1559(8, [[to, [], none]])],
  ['access list beyond its parent', 'TransactionMalformed', eip1559(8, raw('f8ff'))],
  [
    'access list entry beyond its list',
    'TransactionMalformed',
    eip1559(8, raw(`c1d694${'44'.repeat(20)}c0`)),
  ],
  [
    'storage key beyond its list',
    'TransactionMalformed',
    eip2930(7, raw(`f838f794${'44'.repeat(20)}c1a0${'11'.repeat(32)}`)),
  ],
  ['yParity 2', 'TransactionMalformed', eip1559(9, Uint8Array.of(2))],
  ['yParity 27', 'TransactionMalformed', eip2930(8, Uint8Array.of(27))],
  ['yParity of two bytes', 'TransactionMalformed', eip1559(9, hex('0100'))],
  ['yParity zero as the byte 0', 'TransactionNotCanonical', eip1559(9, raw('00'))],
  ['r zero', 'SignatureInvalid', eip1559(10, none)],
  ['s zero', 'SignatureInvalid', legacy(8, none)],
  ['r equal to the order', 'SignatureInvalid', eip1559(10, hex(order))],
  ['r with a leading zero', 'TransactionNotCanonical', eip1559(10, raw(`a000${'33'.repeat(31)}`))],
  ['r of 33 bytes', 'TransactionMalformed', eip1559(10, filled(33, 1))],
  ['s above half of the order', 'TransactionNotCanonical', eip1559(11, hex(aboveHalf))],
  ['type 1: s above half of the order', 'TransactionNotCanonical', eip2930(10, hex(aboveHalf))],
  ['legacy: s above half of the order', 'TransactionNotCanonical', legacy(8, hex(aboveHalf))],
  ['s equal to the order', 'SignatureInvalid', eip1559(11, hex(order))],
  ['larger than 128 KiB', 'TransactionTooLarge', eip1559(7, filled(maxGeneralLength, 1))],
  ['legacy: larger than 128 KiB', 'TransactionTooLarge', filled(maxGeneralLength + 1, 0xc0)],
]

/** In an envelope: type, three offsets, then the fixed part of the body, which ends with the offsets of its lists. */
const bodyStart = 1 + 12
const sponsorStart = bodyStart + 116
const lists = bodyStart + 136
const repeat = <Element>(count: number, element: Element): readonly Element[] =>
  Array.from({ length: count }, () => element)
const overfull = (fields: Partial<NativeBody>): Uint8Array =>
  looseEnvelope({ kind: 'native', body: { ...nativeBody, ...fields }, signatures: [], sponsor: [] })
const withSignature = (kind: number, keyLength: number, signature: Uint8Array): Uint8Array =>
  looseEnvelope(makeNative(nativeBody, [{ kind, publicKey: filled(keyLength, 1), signature }]))
const signatureStart = find(nativeEnvelope, provider.ed25519.publicKey(filled(32, 0x11))) - 9
const accessStart = find(fullEnvelope, fullBody.accessKeys[2]!.key) - 22 - 2 * 54

const native: readonly Hostile[] = [
  ['only its type', 'TransactionMalformed', Uint8Array.of(0x7b)],
  ['cut off', 'TransactionMalformed', nativeEnvelope.subarray(0, 150)],
  ['last byte cut off', 'TransactionMalformed', nativeEnvelope.subarray(0, nativeEnvelope.length - 1)],
  ['a byte after it', 'TransactionMalformed', withByte(nativeEnvelope)],
  ['first offset too small', 'TransactionMalformed', patched(nativeEnvelope, 1, 11)],
  ['first offset too large: a gap', 'TransactionMalformed', patched(nativeEnvelope, 1, 13)],
  ['offset beyond the end', 'TransactionMalformed', patched(nativeEnvelope, 9, 0xff, 0xff)],
  ['offsets that decrease', 'TransactionMalformed', patched(nativeEnvelope, 9, 12, 0)],
  ['offset of four gigabytes', 'TransactionMalformed', patched(nativeEnvelope, 5, 255, 255, 255, 255)],
  ['a gap before the calls', 'TransactionMalformed', patched(nativeEnvelope, lists, 149)],
  ['calls that overlap the body', 'TransactionMalformed', patched(nativeEnvelope, lists, 0, 0)],
  ['a call list of zero offset', 'TransactionMalformed', patched(nativeEnvelope, lists + 12, 0, 0)],
  ['a call list of odd offset', 'TransactionMalformed', patched(nativeEnvelope, lists + 12, 5, 0)],
  ['65 calls', 'TransactionMalformed', overfull({ calls: repeat(65, nativeBody.calls[0]!) })],
  ['257 access keys', 'TransactionMalformed', overfull({ accessKeys: repeat(257, fullBody.accessKeys[0]!) })],
  [
    '17 conditions',
    'TransactionMalformed',
    overfull({ postConditions: repeat(17, fullBody.postConditions[0]!) }),
  ],
  [
    '65,537 bytes of data',
    'TransactionMalformed',
    overfull({ calls: [{ ...nativeBody.calls[0]!, data: filled(65_537, 0) }] }),
  ],
  [
    '17 signatures',
    'TransactionMalformed',
    looseEnvelope(makeNative(nativeBody, repeat(17, makeNative(nativeBody).signatures[0]!))),
  ],
  [
    'two sponsors',
    'TransactionMalformed',
    looseEnvelope({ ...makeSponsored(), sponsor: repeat(2, makeSponsored().sponsor[0]!) }),
  ],
  ['boolean 2', 'TransactionMalformed', patched(fullEnvelope, accessStart + 1, 2)],
  ['unknown kind of access key', 'TransactionMalformed', patched(fullEnvelope, accessStart, 4)],
  ['account key with content', 'TransactionNotCanonical', patched(fullEnvelope, accessStart + 22, 1)],
  [
    'balance key beyond the asset',
    'TransactionNotCanonical',
    patched(fullEnvelope, accessStart + 54 + 26, 1),
  ],
  ['UTXO key with an owner', 'TransactionNotCanonical', patched(fullEnvelope, accessStart + 3 * 54 + 2, 1)],
  ['unknown kind of signature', 'TransactionMalformed', patched(nativeEnvelope, signatureStart, 4)],
  ['secp256k1 with a key', 'TransactionMalformed', patched(nativeEnvelope, signatureStart, 1)],
  ['WebAuthn with a short key', 'TransactionMalformed', patched(nativeEnvelope, signatureStart, 2)],
  ['P-256 with a short key', 'TransactionMalformed', patched(nativeEnvelope, signatureStart, 3)],
  ['ed25519 signature of 63 bytes', 'TransactionMalformed', withSignature(0, 32, filled(63, 1))],
  ['secp256k1 without recovery', 'TransactionMalformed', withSignature(1, 0, filled(64, 1))],
  ['WebAuthn without content', 'TransactionMalformed', withSignature(2, 64, new Uint8Array(0))],
  ['WebAuthn with a part beyond its end', 'TransactionMalformed', withSignature(2, 64, filled(300, 1))],
  ['WebAuthn with surplus bytes', 'TransactionMalformed', withSignature(2, 64, new Uint8Array(69))],
  ['P-256 signature of 65 bytes', 'TransactionMalformed', withSignature(3, 64, filled(65, 1))],
  ['signature of 2,049 bytes', 'TransactionMalformed', withSignature(2, 64, filled(2049, 0))],
  ['key of 65 bytes', 'TransactionMalformed', withSignature(3, 65, filled(64, 1))],
  [
    'sponsor signature of unknown kind',
    'TransactionMalformed',
    looseEnvelope({
      ...makeSponsored(),
      sponsor: [{ maxFee: 1n, signature: { kind: 9, publicKey: none, signature: none } }],
    }),
  ],
  [
    'sponsor signature without sponsor',
    'TransactionNotCanonical',
    patched(fullEnvelope, sponsorStart, ...filled(20, 0)),
  ],
  ['larger than 128 KiB', 'TransactionTooLarge', filled(maxGeneralLength + 1, 0x7b)],
]

function errorOf(decode: () => unknown): unknown {
  try {
    decode()
    return 'accepted'
  } catch (error) {
    return error instanceof BanyanError ? error.kind : error
  }
}

describe.each([
  ['envelopes', general],
  ['transfers', transfers],
  ['packages', packages],
  ['Ethereum transactions', ethereum],
  ['native transactions', native],
] as const)('QLT-6: hostile %s', (_, table) => {
  test.each(table)('LED-3: %s: %s', (_name, error, bytes) => {
    expect(errorRegistry).toHaveProperty(error)
    expect(errorOf(() => decodeEnvelope(bytes))).toBe(error)
  })
})

test('LED-3: the valid forms beside the hostile ones are accepted', () => {
  const highest = hex('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')
  const valid = [
    legacy(6, hex('23')),
    legacy(8, highest),
    eip1559(11, highest),
    eip1559(9, none),
    eip1559(8, [[to, [filled(32, 1)]]]),
    eip2930(7, [[to, []]]),
    transferEnvelope,
    packageEnvelope,
    nativeEnvelope,
    fullEnvelope,
  ]
  for (const bytes of valid) expect(errorOf(() => decodeEnvelope(bytes))).toBe('accepted')
})

test('LED-3: a legacy transaction without chain id is told the reason', () => {
  expect(() => decodeEnvelope(legacy(6, hex('1b')))).toThrow('only replay-protected (EIP-155) transactions')
})

test('LED-3: a decoder of one type refuses the bytes of all others', () => {
  const envelopes = [transferEnvelope, packageEnvelope, nativeEnvelope, feeEnvelope]
  const decoders = [decodeTransfer, decodePackage, decodeNative, decodeEthereum]
  for (const [i, decode] of decoders.entries()) {
    for (const [j, bytes] of envelopes.entries()) {
      const expected = i === j ? 'accepted' : /^Transaction(Malformed|TypeUnknown)$/
      expect(errorOf(() => decode(bytes))).toEqual(i === j ? expected : expect.stringMatching(expected))
    }
  }
})
