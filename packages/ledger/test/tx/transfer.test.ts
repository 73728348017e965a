import { asAddress, asAssetId, asHash, asHeight, equalBytes, toHex } from '@banyan/base'
import { portable } from '@banyan/crypto'
import {
  decodePackage,
  decodeTransfer,
  encodePackage,
  encodeTransfer,
  maxPackageItems,
  maxPackageLength,
  packageId,
  packageItem,
  packItems,
  transferId,
  transferLength,
  transferOffsets,
} from '@banyan/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { referencePackage, referencePackageId, referenceTransfer, referenceTransferId } from './reference.js'
import { domains, filled, makePackage, provider, transfer } from './samples.js'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const u32 = fc.nat(2 ** 31 - 1).map((value) => value * 2 + (value % 2))
const uint = (bits: bigint) => fc.bigInt(0n, 2n ** bits - 1n)
const shared = {
  mark: bytes(32).map(asHash),
  asset: u32.map(asAssetId),
  nonce: uint(64n),
  maxFee: u32,
  tip: u32,
  validUntil: uint(64n).map(asHeight),
  signature: bytes(64),
}
const optionInvalid = expect.objectContaining({ kind: 'OptionInvalid' })

describe('transfers', () => {
  const transfers = fc.record({
    kind: fc.constant('transfer' as const),
    payerKey: bytes(32),
    payee: bytes(20).map(asAddress),
    amount: uint(128n),
    ...shared,
  })

  test('LED-3: bytes and id follow the published table', () => {
    const check = (tx: typeof transfer) => {
      const envelope = encodeTransfer(tx)
      expect(toHex(envelope)).toBe(`0x7a${toHex(referenceTransfer(tx)).slice(2)}`)
      expect(decodeTransfer(envelope)).toEqual(tx)
      const id = toHex(referenceTransferId(tx, domains.transfer))
      expect(toHex(transferId(provider, domains.transfer, tx))).toBe(id)
      expect(toHex(transferId(portable, domains.transfer, tx))).toBe(id)
    }
    check(transfer)
    fc.assert(fc.property(transfers, check), { numRuns: 300, seed: 1 })
  })

  test('LED-3: every content of a record is a transfer, and the offsets name its fields', () => {
    const record = fc.uint8Array({ minLength: 192, maxLength: 192 })
    const check = (content: Uint8Array) => {
      const tx = decodeTransfer(Uint8Array.of(0x7a, ...content))
      expect(encodeTransfer(tx)).toEqual(Uint8Array.of(0x7a, ...content))
      expect(tx.payee).toEqual(content.subarray(transferOffsets.payee, transferOffsets.asset))
      expect(tx.signature).toEqual(content.subarray(transferOffsets.signature))
    }
    fc.assert(fc.property(record, check), { numRuns: 200, seed: 2 })
  })

  test('LED-3: a field that does not fit is refused, not cut off', () => {
    const refused = [
      { ...transfer, amount: 2n ** 128n },
      { ...transfer, amount: -1n },
      { ...transfer, nonce: 2n ** 64n },
      { ...transfer, asset: asAssetId(2 ** 32) },
      { ...transfer, maxFee: 0.5 },
      { ...transfer, tip: -1 },
      { ...transfer, payee: asAddress(filled(19, 1)) },
      { ...transfer, payerKey: filled(33, 1) },
      { ...transfer, mark: asHash(filled(33, 1)) },
      { ...transfer, validUntil: asHeight(2n ** 64n) },
      { ...transfer, signature: filled(63, 1) },
    ]
    for (const tx of refused) expect(() => encodeTransfer(tx)).toThrow(optionInvalid)
    expect(transferLength).toBe(193)
  })
})

describe('packages', () => {
  const item = fc.record({ payer: u32, payee: u32, amount: uint(128n) })
  const packages = fc.record({
    kind: fc.constant('package' as const),
    signerKey: bytes(32),
    mode: fc.constantFrom('atomic' as const, 'perItem' as const),
    items: fc.array(item, { minLength: 1, maxLength: 40 }).map(packItems),
    ...shared,
  })

  test('LED-5: bytes and id follow the published table', () => {
    const check = (tx: ReturnType<typeof makePackage>) => {
      expect(toHex(encodePackage(tx))).toBe(toHex(referencePackage(tx)))
      expect(decodePackage(encodePackage(tx))).toEqual(tx)
      const id = toHex(referencePackageId(tx, domains.package))
      expect(toHex(packageId(provider, domains.package, tx))).toBe(id)
      expect(toHex(packageId(portable, domains.package, tx))).toBe(id)
    }
    check(makePackage(1))
    fc.assert(fc.property(packages, check), { numRuns: 150, seed: 3 })
  })

  test('LED-5: a package of 65,536 items is the largest', () => {
    const tx = makePackage(maxPackageItems, 'perItem')
    const envelope = encodePackage(tx)
    expect(envelope.length).toBe(maxPackageLength)
    expect(equalBytes(encodePackage(decodePackage(envelope)), envelope)).toBe(true)
    expect(toHex(packageId(provider, domains.package, tx))).toBe(
      toHex(referencePackageId(tx, domains.package)),
    )
    expect(() => encodePackage({ ...tx, items: new Uint8Array(24 * (maxPackageItems + 1)) })).toThrow(
      optionInvalid,
    )
  })

  test('LED-5: items are packed and read back by index', () => {
    const items = [
      { payer: 0, payee: 2 ** 32 - 1, amount: 2n ** 128n - 1n },
      { payer: 5, payee: 6, amount: 1n },
    ]
    const packed = packItems(items)
    expect(packed.length).toBe(48)
    expect([0, 1].map((index) => packageItem(packed, index))).toEqual(items)
    expect(() => packItems([{ payer: 2 ** 32, payee: 0, amount: 1n }])).toThrow(optionInvalid)
    expect(() => packItems([{ payer: 0, payee: 0, amount: 2n ** 128n }])).toThrow(optionInvalid)
  })

  test('LED-5: items that are none, or not whole, are refused', () => {
    const tx = makePackage(2)
    for (const length of [0, 23, 25]) {
      expect(() => encodePackage({ ...tx, items: new Uint8Array(length) })).toThrow(optionInvalid)
    }
  })
})
