import { equalBytes, fromHex, toHex } from '@banyan/base'
import {
  auditRow,
  type Charge,
  checkHidden,
  decodeCustom,
  decodePrivate,
  decodePublic,
  schemaId,
  sealCharge,
  viewRow,
} from '@banyan/billing'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { createRandom, testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { account, newCharge, nobody } from './support/charges.js'

const golden: Charge = {
  at: 1_795_219_200_000n,
  id: '0x01a1fc6ef000700080000000000000a1',
  region: 'north',
  dservice: 'thumbnails@1.4.0',
  endUser: 'u17',
  deal: 'use',
  tier: 'gold',
  currency: 'EUR',
  rate: 1_000_000_000_000n,
  enterprise: account('enterprise'),
  enterpriseAmount: 900n,
  house: account('house'),
  houseAmount: 101n,
  contributor: account('contributor'),
  contributorAmount: 600n,
  developer: account('developer'),
  developerAmount: 250n,
  operator: account('operator'),
  operatorAmount: 136n,
  charityOfContributor: nobody,
  charityOfContributorAmount: 0n,
  charityOfDeveloper: nobody,
  charityOfDeveloperAmount: 0n,
  charityOfOperator: account('charity'),
  charityOfOperatorAmount: 15n,
  private: {
    bytesIn: 1n,
    bytesOut: 2n,
    cpuMs: 3n,
    gpuMs: 4n,
    latencyMs: 5n,
    memoryBytes: 6n,
    miner: 'm1',
    request: 'GET /é',
  },
  custom: { order: '17', department: 'ü' },
  salt: `0x${'5a'.repeat(16)}${'a5'.repeat(16)}`,
}

test('BIL-1: the byte form of a charge and its hashes are those of docs/formats.md', () => {
  const row = sealCharge(golden, native.keccak256)
  expect({
    schema: toHex(schemaId),
    publicBytes: row.public.length,
    private: toHex(row.private),
    custom: toHex(row.custom),
    rowHash: toHex(row.rowHash),
  }).toMatchInlineSnapshot(`
    {
      "custom": "0xa5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a502000a006465706172746d656e740200c3bc05006f7264657202003137",
      "private": "0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a01000000000000000200000000000000030000000000000004000000000000000500000000000000060000000000000002006d310700474554202fc3a9",
      "publicBytes": 398,
      "rowHash": "0x1d85d55b1e09794558a4eed136849f1f005954cb082e361cafd625e79432998b",
      "schema": "0x5fda66e9b84e4de76b053041c4f0b9cb35f42aebe8ba7969e2cd0cc56f298513",
    }
  `)
})

test('BIL-1: both back ends hash alike, and what was encoded is read back', () => {
  const random = createRandom(testSeed('charge round trip'))
  for (let i = 0; i < 200; i++) {
    const charge = newCharge(random)
    const row = sealCharge(charge, native.keccak256)
    expect(toHex(sealCharge(charge, portable.keccak256).rowHash)).toBe(toHex(row.rowHash))
    const { private: hidden, custom, salt: _, ...open } = charge
    expect(decodePublic(row.public)).toMatchObject(open)
    expect(decodePrivate(row.private)).toEqual(hidden)
    expect(decodeCustom(row.custom)).toEqual(custom)
    auditRow({ sequence: 1, ...row }, portable.keccak256)
  }
})

test('BIL-1: no two charges have the same bytes, and each part of a charge is under its hash', () => {
  const base = toHex(sealCharge(golden, native.keccak256).rowHash)
  const others: Charge[] = [
    { ...golden, dservice: 'thumbnails@1.4.0u', endUser: '17' },
    { ...golden, tier: 'goldE', currency: 'UR' },
    { ...golden, private: { ...golden.private, cpuMs: 4n } },
    { ...golden, private: { ...golden.private, miner: 'm1G', request: 'ET /é' } },
    { ...golden, custom: { order: '17' } },
    { ...golden, custom: { order: '17d', epartment: 'ü' } },
    { ...golden, salt: `0x${'5b'.repeat(32)}` },
    { ...golden, enterpriseAmount: 901n, houseAmount: 100n },
    { ...golden, rate: golden.rate + 1n },
  ]
  const hashes = others.map((charge) => toHex(sealCharge(charge, native.keccak256).rowHash))
  expect(new Set([base, ...hashes]).size).toBe(others.length + 1)
  const reordered = { ...golden, custom: { department: 'ü', order: '17' } }
  expect(toHex(sealCharge(reordered, native.keccak256).rowHash)).toBe(base)
})

test('BIL-1: two equal requests hide behind different commitments, which hold no salt', () => {
  const random = createRandom(testSeed('salts'))
  const one = newCharge(random)
  const rows = [one, { ...one, salt: toHex(random.bytes(32)) }].map((charge) =>
    sealCharge(charge, native.keccak256),
  )
  const [a, b] = rows.map((row) => decodePublic(row.public))
  expect(a!.privateHash).not.toBe(b!.privateHash)
  expect(a!.customHash).not.toBe(b!.customHash)
  const halves = [one.salt.slice(2, 34), one.salt.slice(34)]
  for (const half of halves) expect(toHex(rows[0]!.public)).not.toContain(half)
  expect(toHex(rows[0]!.custom)).not.toContain(halves[0])
  expect(toHex(rows[0]!.private)).not.toContain(halves[1])
})

test('BIL-8: a row whose pay-ins and payouts differ, or that pays nobody, is refused', () => {
  const refusal = (change: Partial<Charge>) => () => sealCharge({ ...golden, ...change }, native.keccak256)
  expect(refusal({ enterpriseAmount: 901n })).toThrow('does not balance')
  expect(refusal({ operatorAmount: 135n })).toThrow('does not balance')
  expect(refusal({ charityOfOperator: nobody })).toThrow('no account')
  expect(refusal({ house: nobody })).toThrow('no account')
})

test('BIL-1: what has no byte form is refused with the column that is wrong', () => {
  const refusal = (change: object) => () => sealCharge({ ...golden, ...change } as Charge, native.keccak256)
  expect(refusal({ id: '0x00' })).toThrow('id is not 0x and 32 digits')
  expect(refusal({ operator: golden.operator.toUpperCase() })).toThrow('operator is not 0x')
  expect(refusal({ operator: `0x${'g'.repeat(40)}` })).toThrow('operator is not 0x')
  expect(refusal({ at: -1n })).toThrow('at is not a count')
  expect(refusal({ rate: 2n ** 53n })).toThrow('rate is not a count')
  expect(refusal({ endUser: 'ü'.repeat(65) })).toThrow('endUser has more than 128 bytes')
  expect(refusal({ endUser: '\ud800' })).toThrow('endUser is not valid Unicode')
  expect(refusal({ tier: undefined })).toThrow('tier is missing')
  expect(refusal({ custom: { 'a b': '1' } })).toThrow('has a name')
  expect(refusal({ custom: { a: 'x'.repeat(5_000) } })).toThrow('more than 4096 bytes')
  expect(refusal({ custom: { a: 'x'.repeat(3_000), b: 'x'.repeat(3_000) } })).toThrow('more than 4096 bytes')
})

test('BIL-1: bytes that were changed are not read as a charge', () => {
  const row = sealCharge(golden, native.keccak256)
  expect(() => decodePublic(row.public.slice(0, -1))).toThrow('ends too early')
  expect(() => decodePublic(Uint8Array.from([...row.public, 0]))).toThrow('follows its end')
  expect(() => decodePublic(row.public.map((byte, i) => (i === 5 ? byte ^ 1 : byte)))).toThrow('schema')
})

test('BIL-9: everybody reads public columns, the operator the private ones, the enterprise its own fields', () => {
  const row = { sequence: 1, ...sealCharge(golden, native.keccak256) }
  expect(viewRow(row)).toEqual({ sequence: 1, public: decodePublic(row.public) })
  expect(viewRow(row, { account: golden.enterprise }).custom).toEqual(golden.custom)
  expect(viewRow(row, { account: golden.enterprise }).private).toBeUndefined()
  expect(viewRow(row, { account: golden.operator, isOperator: true }).private).toEqual(golden.private)
  expect(viewRow(row, { account: golden.operator, isOperator: true }).custom).toBeUndefined()
  expect(viewRow(row, { account: golden.developer, isOperator: true }).private).toBeUndefined()
  expect(viewRow(row, { account: golden.operator }).private).toBeUndefined()
})

test('BIL-9: what is shown of the hidden parts is held against the public row', () => {
  const row = sealCharge(golden, native.keccak256)
  checkHidden(row, native.keccak256)
  const other = sealCharge({ ...golden, custom: { order: '18' } }, native.keccak256)
  expect(() => checkHidden({ public: row.public, custom: other.custom }, native.keccak256)).toThrow(
    'custom fields',
  )
  const lie = row.private.map((byte, i) => (i === 20 ? byte ^ 1 : byte))
  expect(() => checkHidden({ public: row.public, private: lie }, native.keccak256)).toThrow('private columns')
  expect(equalBytes(fromHex(decodePublic(row.public).privateHash)!, native.keccak256(row.private))).toBe(true)
})
