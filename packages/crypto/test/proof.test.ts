import { asHash, compareBytes, concatBytes, equalBytes, type Hash } from '@banyan/base'
import {
  branchOf,
  containerRoot,
  type KeyedTableName,
  listRoot,
  type RowProof,
  type TableName,
  tableLayouts,
  tableNames,
  verifyAbsence,
  verifyPresence,
  verifyRow,
} from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type Rows = readonly Uint8Array[]

/** A state in which one table has the given rows and the other tables have arbitrary roots. */
function stateOf(
  table: TableName,
  rows: Rows,
): { readonly root: Hash; readonly prove: (row: number) => RowProof } {
  const rowRoots = concatBytes(...rows.map((row) => containerRoot(native, row)))
  const place = tableNames.indexOf(table)
  const roots = tableNames.map((_, i) =>
    i === place ? listRoot(native, rowRoots, 32) : native.sha256(new Uint8Array([i])),
  )
  const tableBranch = branchOf(native, concatBytes(...roots), place, 3)
  const prove = (row: number): RowProof => ({
    row,
    bytes: rows[row] ?? new Uint8Array(tableLayouts[table].rowBytes),
    branch: branchOf(native, rowRoots, row, 32),
    length: rows.length,
    tableBranch,
  })
  return { root: containerRoot(native, concatBytes(...roots)), prove }
}

/**
 * Rows of a keyed table: row 0, then the keys in the given order, `undefined` for a freed row. Freed rows get links
 * to any row, so that a check which trusts them is found out.
 */
function keyedRows(table: KeyedTableName, keys: readonly (Uint8Array | undefined)[], link: number): Rows {
  const { rowBytes, keyOffset, keyLength, nextOffset } = tableLayouts[table]
  const all = [new Uint8Array(keyLength), ...keys]
  const live = all
    .flatMap((key, row) => (key === undefined ? [] : [{ key, row }]))
    .sort((a, b) => compareBytes(a.key, b.key))
  return all.map((key, row) => {
    const bytes = new Uint8Array(rowBytes)
    const rank = live.findIndex((entry) => entry.row === row)
    const next = key === undefined ? (row + link) % all.length : live[(rank + 1) % live.length]!.row
    if (key !== undefined) {
      if (row > 0) bytes.fill(row, nextOffset + 4)
      bytes.set(key, keyOffset)
    }
    new DataView(bytes.buffer).setUint32(nextOffset, next, true)
    return bytes
  })
}

const keyedTables: readonly KeyedTableName[] = ['accounts', 'balances', 'utxos', 'storage']

/** Keys that differ in few bytes, so that neighbours share prefixes. */
const keyArbitrary = (length: number) =>
  fc.tuple(fc.nat(2), fc.nat(3), fc.integer({ min: 1, max: 5 })).map(([first, middle, last]) => {
    const key = new Uint8Array(length)
    key[0] = first * 127
    key[10] = middle
    key[length - 1] = last
    return key
  })

const tableArbitrary = (table: KeyedTableName) =>
  fc.record({
    keys: fc.uniqueArray(keyArbitrary(tableLayouts[table].keyLength), {
      minLength: 1,
      maxLength: 9,
      selector: (key) => key.join(),
    }),
    freed: fc.array(fc.nat(9), { maxLength: 4 }),
    link: fc.nat(9),
    target: keyArbitrary(tableLayouts[table].keyLength),
  })

describe.each(keyedTables)('%s', (table) => {
  test('LED-8: a key is shown either present or absent, by exactly the right rows', () => {
    fc.assert(
      fc.property(tableArbitrary(table), ({ keys, freed, link, target }) => {
        const rows = keyedRows(
          table,
          keys.map((key, i) => (freed.includes(i) ? undefined : key)),
          link,
        )
        const { root, prove } = stateOf(table, rows)
        const live = keys.filter((_, i) => !freed.includes(i))
        const isPresent = live.some((key) => equalBytes(key, target))
        const proofs = rows.map((_, row) => prove(row))
        const presences = proofs.filter((proof) => verifyPresence(native, root, table, target, proof))
        const absences = proofs.flatMap((low) =>
          proofs.filter((next) => verifyAbsence(native, root, table, target, { low, next })),
        )
        expect(presences.length).toBe(isPresent ? 1 : 0)
        expect(absences.length).toBe(isPresent ? 0 : 1)
      }),
      { numRuns: 30 },
    )
  })

  test('LED-8: the all-zero key is present as row 0 and never absent; freed rows do not show it', () => {
    const { keyLength } = tableLayouts[table]
    const zero = new Uint8Array(keyLength)
    const rows = keyedRows(table, [new Uint8Array(keyLength).fill(5), undefined], 0)
    const { root, prove } = stateOf(table, rows)
    expect(verifyPresence(native, root, table, zero, prove(0))).toBe(true)
    expect(verifyRow(native, root, table, prove(2))).toBe(true)
    expect(verifyPresence(native, root, table, zero, prove(2))).toBe(false)
    for (const low of [0, 1, 2]) {
      for (const next of [0, 1, 2]) {
        const proof = { low: prove(low), next: prove(next) }
        expect(verifyAbsence(native, root, table, zero, proof)).toBe(false)
      }
    }
  })

  test('LED-8: a key of another length is neither present nor absent', () => {
    const { keyLength } = tableLayouts[table]
    const { root, prove } = stateOf(table, keyedRows(table, [], 0))
    const proof = { low: prove(0), next: prove(0) }
    const key = new Uint8Array(keyLength).fill(1)
    expect(verifyAbsence(native, root, table, key, proof)).toBe(true)
    expect(verifyAbsence(native, root, table, key.subarray(1), proof)).toBe(false)
    expect(verifyAbsence(native, root, table, concatBytes(key, key), proof)).toBe(false)
    expect(verifyPresence(native, root, table, new Uint8Array(keyLength - 1), prove(0))).toBe(false)
  })
})

describe.each(tableNames)('%s', (table) => {
  const rows = [1, 2, 3, 4, 5].map((value) => new Uint8Array(tableLayouts[table].rowBytes).fill(value))
  const { root, prove } = stateOf(table, rows)

  test('LED-8: every row is shown, under its own table and number only', () => {
    for (const row of rows.keys()) {
      expect(verifyRow(native, root, table, prove(row))).toBe(true)
      for (const other of tableNames) {
        if (other !== table) expect(verifyRow(native, root, other, prove(row))).toBe(false)
      }
      for (const wrong of [row + 1, row - 1, row + 2 ** 32, row + 0.5, Number.NaN]) {
        expect(verifyRow(native, root, table, { ...prove(row), row: wrong })).toBe(false)
      }
    }
    expect(verifyRow(native, asHash(new Uint8Array(32)), table, prove(0))).toBe(false)
  })

  test('LED-8: rows beyond the end are not shown', () => {
    expect(verifyRow(native, root, table, prove(5))).toBe(false)
    expect(verifyRow(native, root, table, { ...prove(5), length: 6 })).toBe(false)
  })

  test('LED-8: nodes inside the tree are not shown as a row', () => {
    const width = tableLayouts[table].rowBytes / 32
    const proof = prove(0)
    const rowRoots = rows.map((row) => containerRoot(native, row))
    const padded = concatBytes(...rowRoots, new Uint8Array(32 * 8)).subarray(0, 32 * width)
    const branch = proof.branch.subarray(32 * Math.log2(width))
    expect(verifyRow(native, root, table, { ...proof, bytes: padded, branch })).toBe(false)
  })

  test('LED-8: no altered row proof holds', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(), (row, noise) => {
        const proof = prove(row)
        const flip = (bytes: Uint8Array) => {
          const altered = new Uint8Array(bytes)
          const bit = noise % (8 * altered.length)
          altered[bit >> 3]! ^= 1 << (bit & 7)
          return altered
        }
        const alterations: Partial<RowProof>[] = [
          { bytes: flip(proof.bytes) },
          { bytes: proof.bytes.subarray(32) },
          { bytes: proof.bytes.subarray(1) },
          { bytes: containerRoot(native, proof.bytes) },
          { bytes: concatBytes(proof.bytes, new Uint8Array(32)) },
          { branch: flip(proof.branch) },
          { branch: proof.branch.subarray(32) },
          { branch: concatBytes(proof.branch, new Uint8Array(32)) },
          { tableBranch: flip(proof.tableBranch) },
          { tableBranch: proof.tableBranch.subarray(32) },
          { length: proof.length + 1 },
          { length: 2 ** 33 },
          { length: 4.5 },
        ]
        for (const altered of alterations) {
          expect(verifyRow(native, root, table, { ...proof, ...altered })).toBe(false)
        }
      }),
      { numRuns: 20 },
    )
  })
})
