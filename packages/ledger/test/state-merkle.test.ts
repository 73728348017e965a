import { asHash, concatBytes, type Hash, toHex } from '@banyan/base'
import {
  appendToHistory,
  containerRoot,
  emptyHistory,
  historyRoot,
  type KeyedTableName,
  type ListProof,
  listRoot,
  proveHistory,
  proveListElement,
  type RowProof,
  type TableName,
  tableLayouts,
  tableNames,
  verifyAbsence,
  verifyHistoryProof,
  verifyListElement,
  verifyPresence,
  verifyRow,
} from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { State } from '@banyan/ledger'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'

const newState = (): State =>
  new State({
    provider: native,
    memory: 'private',
    seeds: Uint32Array.of(1, 2),
    capacity: { accounts: 32, balances: 32, utxos: 32, storage: 32 },
    maxRows: 1 << 20,
  })

/** Root of each row, 32 bytes each, level by level over all rows at once. */
function rowRoots(bytes: Uint8Array, rowBytes: number): Uint8Array {
  let level = bytes
  for (let width = rowBytes; width > 32; width /= 2) {
    const above = new Uint8Array(level.length / 2)
    native.hashPairs(level, above)
    level = above
  }
  return level
}

const usedBytes = ({ bytes, length, rowBytes }: State['assets']) => bytes.slice(0, length * rowBytes)

/** State root from nothing but the bytes of the rows. */
function rebuiltRoot(state: State): Hash {
  const roots = state.allRows().map((rows) => listRoot(native, rowRoots(usedBytes(rows), rows.rowBytes), 32))
  return containerRoot(native, concatBytes(...roots))
}

const keyedNames: readonly KeyedTableName[] = ['accounts', 'balances', 'utxos', 'storage']

/** Live keys of one table, as the test knows them. */
type Live = {
  readonly keys: string[]
  readonly rows: Map<string, number>
  /** Freed rows, the one that is used next at the end. */
  readonly freed: number[]
}

type World = { readonly state: State; live: Record<KeyedTableName, Live>; height: number }

const newLive = (): Live => ({ keys: [], rows: new Map(), freed: [] })
const copyLive = (live: World['live']): World['live'] =>
  Object.fromEntries(
    keyedNames.map((name) => [
      name,
      { keys: [...live[name].keys], rows: new Map(live[name].rows), freed: [...live[name].freed] },
    ]),
  ) as World['live']

function randomKey(random: Random, table: KeyedTableName): Uint8Array {
  const key = random.bytes(tableLayouts[table].keyLength)
  // Some keys share their first bytes, so that the order must look further.
  if (random.below(4) === 0) key.fill(7, 0, 6)
  key[key.length - 1]! |= 1
  return key
}

const wordsOf = (key: Uint8Array) => new Uint32Array(key.slice().buffer)

/** One random change of a keyed table: insertion, removal or update of a row. */
function change(random: Random, world: World, table: KeyedTableName): void {
  const keyed = world.state[table]
  const live = world.live[table]
  const kind = random.below(10)
  if (live.keys.length === 0 || (kind < 3 && live.keys.length < 4_000)) {
    const key = randomKey(random, table)
    const text = key.join()
    if (live.rows.has(text)) return
    const expected = live.freed.pop() ?? keyed.rows.length
    const row = keyed.insert(wordsOf(key), 0)
    if (row !== expected) expect.fail(`${table}: row ${row} instead of ${expected}`)
    live.rows.set(text, row)
    live.keys.push(text)
    return
  }
  const at = random.below(live.keys.length)
  const text = live.keys[at]!
  const row = live.rows.get(text)!
  if (kind < 5) {
    keyed.remove(row)
    live.freed.push(row)
    live.rows.delete(text)
    live.keys[at] = live.keys.at(-1)!
    live.keys.pop()
    return
  }
  keyed.rows.touch(row)
  const { rowWords } = keyed.rows
  keyed.rows.words[row * rowWords + rowWords - 1 - random.below(2)] = random.u32()
}

function changeDense(random: Random, state: State): void {
  const { assets, recent, chain } = state
  if (random.below(3) === 0 && assets.length < 500) assets.append()
  const rows = [assets, recent, chain][random.below(3)]!
  if (rows.length === 0) return
  const row = random.below(rows.length)
  rows.touch(row)
  // The free heads at words 24 to 27 of the chain row are the state's own.
  rows.words[row * rows.rowWords + random.below(24)] = random.u32()
}

function proofOf(state: State, table: TableName, row: number): RowProof {
  const { length, row: siblings, table: tableSiblings } = state.branch(table, row)
  const rows = state.allRows()[tableNames.indexOf(table)]!
  return {
    row,
    bytes: rows.bytes.slice(row * rows.rowBytes, (row + 1) * rows.rowBytes),
    branch: concatBytes(...siblings),
    length,
    tableBranch: concatBytes(...tableSiblings),
  }
}

const bytesOf = (state: State, table: TableName, row: number) => proofOf(state, table, row).bytes.join()
const isSame = (state: State, table: TableName, a: number, b: number) =>
  bytesOf(state, table, a) === bytesOf(state, table, b)

/** Rows that the ring from row 0 back to row 0 passes. */
function ringLength({ rows, nextWord }: State[KeyedTableName]): number {
  let length = 0
  let row = 0
  do {
    row = rows.words[row * rows.rowWords + nextWord]!
    length++
  } while (row !== 0 && length <= rows.length)
  return length
}

function absenceOf(state: State, table: KeyedTableName, key: Uint8Array) {
  const { rows, nextWord } = state[table]
  const low = state[table].below(wordsOf(key))
  return {
    low: proofOf(state, table, low),
    next: proofOf(state, table, rows.words[low * rows.rowWords + nextWord]!),
  }
}

/** Blocks of random changes, some of them undone; `check` sees the state after each commitment. */
function runBlocks(
  random: Random,
  updates: number,
  perBlock: number,
  check: (world: World, root: Hash) => void,
): void {
  const world: World = {
    state: newState(),
    live: Object.fromEntries(keyedNames.map((name) => [name, newLive()])) as World['live'],
    height: 0,
  }
  const { state } = world
  // As in every chain, there is an asset from the start.
  state.assets.append()
  state.commit()
  const past: { readonly root: Hash; readonly live: World['live'] }[] = []
  let root = state.commit()
  for (let done = 0; done < updates; ) {
    if (past.length > 0 && random.below(5) === 0) {
      const before = past.pop()!
      state.undoBlock()
      world.live = before.live
      world.height--
      root = state.commit()
      expect(toHex(root)).toBe(toHex(before.root))
      check(world, root)
      continue
    }
    past.push({ root, live: copyLive(world.live) })
    world.height++
    state.beginBlock(world.height)
    const count = random.below(2 * perBlock)
    // Most changes of a block go to one table, so that tables grow and shrink by turns.
    const favourite = keyedNames[random.below(4)]!
    for (let i = 0; i < count; i++, done++) {
      if (random.below(20) === 0) changeDense(random, state)
      else change(random, world, random.below(3) === 0 ? keyedNames[random.below(4)]! : favourite)
    }
    root = state.commit()
    check(world, root)
    if (past.length > 5) {
      past.shift()
      state.finalizeOldest()
    }
  }
}

describe('LED-7, LED-8: the state tree', () => {
  test('LED-8: after any insertions, updates, removals and undone blocks it is the tree built from the rows', () => {
    const random = createRandom(testSeed('tree equals rebuild'))
    const updates = tierCount({ push: 1_000_000, full: 10_000_000, fuzz: 1_000_000 })
    let commitments = 0
    runBlocks(random, updates, 4_000, ({ state }, root) => {
      commitments++
      expect(toHex(root)).toBe(toHex(rebuiltRoot(state)))
    })
    expect(commitments).toBeGreaterThan(100)
  })

  test('LED-8: every row and every absent key is provable', () => {
    const random = createRandom(testSeed('all provable'))
    runBlocks(random, tierCount({ push: 3_000, full: 60_000, fuzz: 3_000 }), 150, (world, root) => {
      const { state, live } = world
      for (const name of tableNames) {
        const { length } = state.allRows()[tableNames.indexOf(name)]!
        for (let i = 0; i < Math.min(length, 12); i++) {
          const row = random.below(length)
          expect(verifyRow(native, root, name, proofOf(state, name, row))).toBe(true)
        }
      }
      for (const name of keyedNames) {
        expect(ringLength(state[name])).toBe(live[name].keys.length + 1)
        for (let i = 0; i < 6; i++) {
          const absent = randomKey(random, name)
          expect(verifyAbsence(native, root, name, absent, absenceOf(state, name, absent))).toBe(true)
          const text = live[name].keys[random.below(Math.max(1, live[name].keys.length))]
          if (text === undefined) continue
          const key = Uint8Array.from(text.split(','), Number)
          const row = live[name].rows.get(text)!
          expect(verifyPresence(native, root, name, key, proofOf(state, name, row))).toBe(true)
        }
      }
    })
  })
})

/** A copy with one bit of one of its byte arrays changed, or one of its numbers. */
function mutateList(random: Random, proof: ListProof): ListProof {
  const choice = random.below(8)
  if (choice === 0) return { ...proof, index: other(random, proof.index, proof.length) }
  if (choice === 1) return { ...proof, length: other(random, proof.length, 2 * proof.length) }
  return { ...proof, branch: flip(random, proof.branch) }
}

function other(random: Random, value: number, limit: number): number {
  const drawn = random.below(limit)
  return drawn === value ? value + 1 : drawn
}

function flip(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy[random.below(copy.length)]! ^= 1 << random.below(8)
  return copy
}

describe('LED-7: no mutated proof holds', () => {
  const random = createRandom(testSeed('mutated proofs'))

  test('LED-8: row proofs', () => {
    const count = tierCount({ push: 100_000, full: 5_000_000, fuzz: 100_000 })
    let left = count
    // A block changes 1,000 rows on average and gives each table 700 mutations.
    runBlocks(random, 0.3 * count, 1_000, ({ state }, root) => {
      if (left === 0) return
      for (const name of tableNames) {
        const { length } = state.allRows()[tableNames.indexOf(name)]!
        if (length === 0) continue
        const row = random.below(length)
        const proof = proofOf(state, name, row)
        expect(verifyRow(native, root, name, proof)).toBe(true)
        for (let i = 0; i < 700 && left > 0; i++, left--) {
          const part = (['bytes', 'branch', 'tableBranch', 'row', 'length'] as const)[random.below(5)]!
          const value = proof[part]
          const mutated = typeof value === 'number' ? other(random, value, length + 3) : flip(random, value)
          // Neighbours with the same content are shown by the same proof.
          const holds = verifyRow(native, root, name, { ...proof, [part]: mutated })
          if (holds && !(part === 'row' && isSame(state, name, row, mutated as number))) {
            expect.fail(`${name} ${part}`)
          }
        }
      }
    })
    expect(left).toBe(0)
  })

  test('LED-7: proofs of lists: payload, batches, receipts, logs, ids', () => {
    const count = tierCount({ push: 700_000, full: 20_000_000, fuzz: 700_000 })
    for (let done = 0; done < count; done += 5_000) {
      const length = 1 + random.below(200)
      const limit = 8 + random.below(5)
      const leaves = random.bytes(32 * length)
      const root = listRoot(native, leaves, limit)
      const index = random.below(length)
      const leaf = leaves.subarray(32 * index, 32 * index + 32)
      const proof = proveListElement(native, leaves, index)
      expect(verifyListElement(native, root, leaf, limit, proof)).toBe(true)
      expect(verifyListElement(native, root, leaf, limit + 1, proof)).toBe(false)
      for (let i = 0; i < 5_000; i++) {
        const isLeaf = length === 1 || random.below(6) === 0
        const holds = isLeaf
          ? verifyListElement(native, root, flip(random, leaf), limit, proof)
          : verifyListElement(native, root, leaf, limit, mutateList(random, proof))
        if (holds) expect.fail(`a mutated proof of leaf ${index} of ${length} holds`)
      }
    }
  })

  test('LED-6: proofs of the history', () => {
    const count = tierCount({ push: 200_000, full: 5_000_000, fuzz: 200_000 })
    let history = emptyHistory
    const ids = random.bytes(32 * 300)
    const idAt = (index: number) => asHash(ids.subarray(32 * index, 32 * index + 32))
    let mutated = 0
    for (let length = 1; length <= 300; length++) {
      history = appendToHistory(native, history, idAt(length - 1))
      const root = historyRoot(native, history)
      const index = random.below(length)
      const proof = proveHistory(native, ids.subarray(0, 32 * length), index)
      expect(verifyHistoryProof(native, root, idAt(index), proof)).toBe(true)
      for (let i = 0; i < count / 300; i++, mutated++) {
        const choice = proof.nodes.length === 0 ? 0 : random.below(4)
        const id = choice === 0 ? asHash(flip(random, idAt(index))) : idAt(index)
        const changed =
          choice === 1
            ? { ...proof, index: other(random, index, length + 2) }
            : choice === 2
              ? { ...proof, count: other(random, length, 2 * length + 2) }
              : choice === 3
                ? { ...proof, nodes: flip(random, proof.nodes) }
                : proof
        if (verifyHistoryProof(native, root, id, changed))
          expect.fail(`a mutated proof of id ${index} of ${length} holds`)
      }
    }
    expect(mutated).toBeGreaterThanOrEqual(count)
  })
})
