import type { Hash } from '@banyan/base'
import { asHash } from '@banyan/base'
import { type CryptoProvider, type TableName, tableNames, zeroHashes } from '@banyan/crypto'
import { IdWindow, windowBlocks } from './id-window.js'
import { KeyedTable } from './keyed-table.js'
import { accountRow, assetRow, balanceRow, chainRow, recentRow, storageRow, utxoRow } from './layout.js'
import type { Memory } from './memory.js'
import { RowTree } from './row-tree.js'
import { Rows } from './rows.js'

export type StateOptions = {
  readonly provider: CryptoProvider
  readonly memory: Memory
  /** Two random words; they influence speed only. */
  readonly seeds: Uint32Array
  /** Rows to make room for at the start. */
  readonly capacity: {
    readonly accounts: number
    readonly balances: number
    readonly utxos: number
    readonly storage: number
  }
  /** Bound of every keyed table. */
  readonly maxRows: number
}

/** Transactions leave the last row of the accounts to the pool of fees: the fees of a block always find an account. */
const keptAccounts = 1

/**
 * The authenticated state of one chain in flat memory. A block is executed between `beginBlock` and `commit`; until
 * `finalizeOldest` it can be undone.
 */
export class State {
  readonly accounts: KeyedTable
  readonly balances: KeyedTable
  readonly utxos: KeyedTable
  readonly storage: KeyedTable
  readonly assets: Rows
  readonly recent: Rows
  readonly chain: Rows
  readonly window: IdWindow
  private readonly provider: CryptoProvider
  private readonly trees: readonly RowTree[]

  constructor(options: StateOptions) {
    const { provider, memory, seeds, capacity, maxRows } = options
    const keyed = (
      name: string,
      rowBytes: number,
      keyWords: number,
      nextWord: number,
      rows: number,
      kept = 0,
    ): KeyedTable =>
      new KeyedTable({ name, rowBytes, keyWords, nextWord, capacity: rows, maxRows, memory, seeds, kept })
    this.provider = provider
    this.accounts = keyed(
      'accounts',
      accountRow.bytes,
      accountRow.keyWords,
      accountRow.next,
      capacity.accounts,
      keptAccounts,
    )
    this.balances = keyed(
      'balances',
      balanceRow.bytes,
      balanceRow.keyWords,
      balanceRow.next,
      capacity.balances,
    )
    this.utxos = keyed('utxos', utxoRow.bytes, utxoRow.keyWords, utxoRow.next, capacity.utxos)
    this.storage = keyed('storage', storageRow.bytes, storageRow.keyWords, storageRow.next, capacity.storage)
    const dense = (name: string, rowBytes: number, rows: number, bound: number): Rows =>
      new Rows({ name, rowBytes, capacity: rows, maxRows: bound, memory })
    this.assets = dense('assets', assetRow.bytes, 64, maxRows)
    this.recent = dense('recent', recentRow.bytes, windowBlocks, windowBlocks)
    this.chain = dense('chain', chainRow.bytes, 1, 1)
    for (let i = 0; i < windowBlocks; i++) this.recent.append()
    this.chain.append()
    this.window = new IdWindow(seeds)
    const zeroNodes = zeroHashes
    this.trees = this.allRows().map((rows) => new RowTree(rows, provider, zeroNodes))
  }

  get keyedTables(): readonly KeyedTable[] {
    return [this.accounts, this.balances, this.utxos, this.storage]
  }

  /** Rows of every table, in the order of `tableNames`. */
  allRows(): readonly Rows[] {
    return [...this.keyedTables.map((table) => table.rows), this.assets, this.recent, this.chain]
  }

  beginBlock(height: number): void {
    for (const rows of this.allRows()) rows.beginFrame()
    this.window.begin(height)
  }

  /** Takes the newest block back. The state is as it was before its `beginBlock`, once committed again. */
  undoBlock(): void {
    for (const table of this.keyedTables) table.undoFrame()
    this.assets.undoFrame()
    this.recent.undoFrame()
    this.chain.undoFrame()
    this.window.undo()
    this.commit()
  }

  /** Drops the undo images of the oldest block that still has some. */
  finalizeOldest(): void {
    for (const rows of this.allRows()) rows.dropOldestFrame()
  }

  /** Number of blocks that can be undone. */
  get undoDepth(): number {
    return this.chain.frames.length
  }

  /** Hashes everything touched since the last commitment and returns the state root. */
  commit(): Hash {
    const heads = this.keyedTables.map((table) => table.rows.freeHead)
    if (heads.some((head, i) => this.chain.words[chainRow.freeHeads + i] !== head)) {
      this.chain.touch(0)
      this.chain.words.set(heads, chainRow.freeHeads)
    }
    return stateRoot(
      this.provider,
      this.trees.map((tree) => tree.commit()),
    )
  }

  /** Branches of a row as of the last commitment: to its table root, and of the table root to the state root. */
  branch(
    table: TableName,
    row: number,
  ): { readonly length: number; readonly row: Uint8Array[]; readonly table: Uint8Array[] } {
    const index = tableNames.indexOf(table)
    const roots = this.trees.map((tree) => tree.root())
    return {
      length: this.allRows()[index]!.length,
      row: this.trees[index]!.branch(row),
      table: containerBranch(this.provider, roots, index),
    }
  }

  /** Bytes held to undo the blocks that are not final. */
  undoBytes(): number {
    return this.allRows().reduce((sum, rows) => sum + rows.undoBytes(), 0)
  }

  /** Bytes held per table, trees and directories included. */
  memoryUse(): Readonly<Record<TableName, number>> {
    const directories = this.keyedTables.map((table) => table.directoryBytes())
    const entries = tableNames.map((name, i) => [
      name,
      this.allRows()[i]!.bytes.byteLength + this.trees[i]!.byteLength() + (directories[i] ?? 0),
    ])
    return Object.fromEntries(entries) as Record<TableName, number>
  }
}

/** Root of the container of the seven table roots: three levels above eight chunks. */
function stateRoot(provider: CryptoProvider, tableRoots: readonly Uint8Array[]): Hash {
  return asHash(containerLevels(provider, tableRoots)[3]!)
}

function containerLevels(provider: CryptoProvider, tableRoots: readonly Uint8Array[]): Uint8Array[] {
  const chunks = new Uint8Array(8 * 32)
  for (const [i, root] of tableRoots.entries()) chunks.set(root, i * 32)
  const levels: Uint8Array[] = [chunks]
  for (let size = 4; size >= 1; size /= 2) {
    const level = new Uint8Array(size * 32)
    provider.hashPairs(levels[levels.length - 1]!, level)
    levels.push(level)
  }
  return levels
}

function containerBranch(
  provider: CryptoProvider,
  tableRoots: readonly Uint8Array[],
  index: number,
): Uint8Array[] {
  const levels = containerLevels(provider, tableRoots)
  return [0, 1, 2].map((depth) => {
    const sibling = (index >>> depth) ^ 1
    return levels[depth]!.slice(sibling * 32, sibling * 32 + 32)
  })
}
