import {
  type Address,
  asAddress,
  asAssetId,
  asHash,
  concatBytes,
  fail,
  fig,
  figDecimals,
  type Hash,
  maxAmount,
  toHex,
  uintToLe,
} from '@banyan/base'
import { type CryptoProvider, containerRoot } from '@banyan/crypto'
import { writePrices } from './execute/block-execution.js'
import type { FeeRules, Prices } from './execute/fees.js'
import { storageRowBytes } from './host/schema.js'
import { applyWriteSet } from './state/apply.js'
import type { KeyedTable } from './state/keyed-table.js'
import { accountRow, balanceRow } from './state/layout.js'
import type { State } from './state/state.js'
import { balanceKey, keyOf } from './state/state-view.js'
import { writeUint } from './state/u128.js'
import { type Asset, assetFlags, type StorageRow } from './state/view.js'

/** A chain's beginning and its rules. Everything in it is part of the chain's identity. */
export type Genesis = {
  readonly chainId: bigint
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: bigint
  readonly fees: FeeRules
  /** Bound of every keyed state table, in rows. */
  readonly maxRows: number
  /** Accounts get numbers from 1 in this order. */
  readonly accounts: Iterable<GenesisAccount>
  /** Assets get numbers from 1 in this order. */
  readonly assets: readonly GenesisAsset[]
  /** What contracts' tables hold at the start: `tables.rowsOf` makes the rows of a record. */
  readonly storage?: readonly StorageRow[]
  /** How blocks are agreed on, opaque to the ledger; absent for a chain that one program makes alone. */
  readonly consensus?: {
    /** Hash of the consensus rules. */
    readonly rulesHash: Hash
    /** Hash of the committee that the chain starts with. */
    readonly committeeHash: Hash
  }
}

export type GenesisAccount = {
  readonly address: Address
  /** FIG in pip. */
  readonly balance: bigint
  /** Earlier account that may move this one's funds by packages. */
  readonly delegate?: Address
}

export type GenesisAsset = Omit<Asset, 'supply'> & {
  readonly holders: Iterable<{ readonly owner: Address; readonly amount: bigint }>
}

const zeroAddress = asAddress(new Uint8Array(20))
const zeroHash = asHash(new Uint8Array(32))

/** Fills an empty state. Error: GenesisInvalid. */
export function loadGenesis(state: State, genesis: Genesis): void {
  checkRules(genesis)
  const supply = loadAccounts(state, genesis.accounts)
  writeAssets(state, fig, {
    issuer: zeroAddress,
    flags: 0,
    decimals: figDecimals,
    supply,
    cap: maxAmount,
    metadataHash: zeroHash,
    name: 'FIG',
    symbol: 'FIG',
  })
  for (const [i, asset] of genesis.assets.entries()) loadAsset(state, i + 1, asset)
  loadStorage(state, genesis.storage ?? [])
  state.accounts.rebuildDirectory()
  state.balances.rebuildDirectory()
  writePrices(state, genesis.fees.start)
}

/** What headers of the genesis block carry as consensus data: a hash of all rules that the state does not show. */
export function rulesHash(provider: CryptoProvider, genesis: Genesis): Hash {
  const { start, floor, limit } = genesis.fees
  const vector = (values: Readonly<Record<keyof Prices, number | bigint>>): bigint[] =>
    [values.compute, values.bytes, values.state].map(BigInt)
  const fields = [
    genesis.chainId,
    genesis.timestamp,
    ...vector(start),
    ...vector(floor),
    ...vector(limit),
    BigInt(genesis.maxRows),
  ]
  const consensus = genesis.consensus?.rulesHash ?? zeroHash
  return containerRoot(provider, concatBytes(...fields.map((field) => uintToLe(field, 32)), consensus))
}

function checkRules(genesis: Genesis): void {
  const invalid = (reason: string): never => fail('GenesisInvalid', { reason })
  if (genesis.chainId <= 0n || genesis.chainId >= 1n << 64n) invalid('the chain id does not fit 64 bits')
  const { maxRows, assets } = genesis
  if (maxRows < 2 || maxRows > 2 ** 30) invalid('tables have 2 to 2^30 rows')
  if (assets.length >= maxRows) invalid('there are more assets than a table has rows')
  const { start, floor, limit } = genesis.fees
  for (const dimension of ['compute', 'bytes', 'state'] as const) {
    if (floor[dimension] < 0n || start[dimension] < floor[dimension] || start[dimension] >= 1n << 64n) {
      invalid(`the base fee for ${dimension} starts below its floor, or does not fit 64 bits`)
    }
    if (!Number.isInteger(limit[dimension]) || limit[dimension] < 2 || limit[dimension] >= 2 ** 32) {
      invalid(`the block limit for ${dimension} is not an integer from 2 to 2^32 - 1`)
    }
  }
}

/** Adds the accounts, without the order of their keys, and returns the sum of their balances. */
function loadAccounts(state: State, accounts: Iterable<GenesisAccount>): bigint {
  const { accounts: table } = state
  const { rows, index } = table
  let supply = 0n
  for (const { address, balance, delegate } of accounts) {
    const key = keyOf(address)
    if (table.find(key, 0) >= 0)
      fail('GenesisInvalid', { reason: `account ${toHex(address)} stands twice or is zero` })
    requireRoom(table)
    const row = rows.append()
    const base = row * rows.rowWords
    rows.words.set(key, base)
    writeUint(rows.words, base + accountRow.balance, 4, balance)
    if (delegate !== undefined) rows.words[base + accountRow.delegate] = accountNumber(state, delegate)
    index.insert(index.hash(key, 0), row)
    supply += balance
  }
  if (supply > maxAmount) fail('GenesisInvalid', { reason: 'the supply of FIG exceeds 2^128 - 1' })
  return supply
}

function requireRoom(table: KeyedTable): void {
  if (table.room() > 0) return
  const { name, maxRows } = table.rows
  fail('GenesisInvalid', { reason: `it has more ${name} than a table of ${maxRows} rows has room for` })
}

function accountNumber(state: State, address: Address): number {
  const row = state.accounts.find(keyOf(address), 0)
  if (row <= 0) fail('GenesisInvalid', { reason: `the delegate ${toHex(address)} is no earlier account` })
  return row
}

function loadAsset(state: State, id: number, genesisAsset: GenesisAsset): void {
  const { holders, ...asset } = genesisAsset
  const { rows, index } = state.balances
  let supply = 0n
  for (const { owner, amount } of holders) {
    const key = balanceKey(owner, asAssetId(id))
    if (state.balances.find(key, 0) >= 0)
      fail('GenesisInvalid', { reason: `a holder of ${asset.symbol} stands twice` })
    requireRoom(state.balances)
    const row = rows.append()
    const base = row * rows.rowWords
    rows.words.set(key, base)
    writeUint(rows.words, base + balanceRow.balance, 4, amount)
    index.insert(index.hash(key, 0), row)
    supply += amount
  }
  const known = Object.values(assetFlags).reduce((all, flag) => all | flag, 0)
  if (supply > asset.cap || asset.cap > maxAmount || (asset.flags & ~known) !== 0) {
    fail('GenesisInvalid', { reason: `asset ${asset.symbol} exceeds its cap or has unknown flags` })
  }
  writeAssets(state, id, { ...asset, supply })
}

/** The rows are inserted in the order given. */
function loadStorage(state: State, rows: readonly StorageRow[]): void {
  const keys = new Set(rows.map(({ key }) => toHex(key)))
  if (keys.size < rows.length) fail('GenesisInvalid', { reason: 'a row of contract storage stands twice' })
  if (rows.some(({ value }) => value.length > storageRowBytes || value.every((byte) => byte === 0))) {
    fail('GenesisInvalid', { reason: 'a row of contract storage is zero or longer than 64 bytes' })
  }
  applyWriteSet(state, { accounts: [], balances: [], storage: rows, utxos: [], assets: [] })
}

function writeAssets(state: State, id: number, asset: Asset): void {
  applyWriteSet(state, {
    accounts: [],
    balances: [],
    storage: [],
    utxos: [],
    assets: [{ id: asAssetId(id), asset }],
  })
}
