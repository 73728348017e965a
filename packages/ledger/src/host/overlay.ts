import { type Address, type AssetId, asAssetId, assert, fig, type Hash } from '@banyan/base'
import type { RowCounts } from '../state/room.js'
import type { Account, Asset, StateView, Utxo, WriteSet } from '../state/view.js'
import {
  accountKey,
  assetCountKey,
  assetKey,
  balanceKey,
  storageKey,
  utxoKey,
  utxoListKey,
} from './access-key.js'
import { createJournal } from './journal.js'
import { createUtxoLayer } from './overlay-utxos.js'

/** What execution stores of an account; the number of UTXOs follows from the UTXOs themselves. */
export type AccountFields = Omit<Account, 'utxoCount'>

export const emptyAccount: AccountFields = { nonce: 0n, balance: 0n, flags: 0, delegate: 0 }

/**
 * State with writes on top. Reads and writes are tracked by access key, also those that a revert undid. `begin`, then
 * `commit` or `revert`, nest without bound here; callers bound the depth. `account().utxoCount` belongs to the key of
 * the owner's UTXO list, not of the account.
 */
export type Overlay = StateView & {
  readonly setAccount: (address: Address, account: AccountFields) => void
  readonly setBalance: (owner: Address, asset: AssetId, amount: bigint) => void
  /** `null` deletes the row. `contract` is the owner of the row. */
  readonly setStorage: (contract: Address, key: Hash, value: Uint8Array | null) => void
  /** Adds a UTXO whose id is new, and its owner's account row if there is none. */
  readonly createUtxo: (utxo: Utxo) => void
  /** Removes an existing UTXO. */
  readonly spendUtxo: (id: Hash) => void
  readonly setAsset: (id: AssetId, asset: Asset) => void
  /** Appends an asset and returns its number. */
  readonly createAsset: (asset: Asset) => AssetId
  readonly begin: () => void
  readonly commit: () => void
  readonly revert: () => void
  readonly access: { readonly read: ReadonlySet<string>; readonly written: ReadonlySet<string> }
  /** All changes against the base, in order of first write. */
  readonly writeSet: () => WriteSet
  /** Numbers of the rows that exist now and do not in the base. */
  readonly createdRows: () => RowCounts
}

export function createOverlay(base: StateView): Overlay {
  const read = new Set<string>()
  const written = new Set<string>()
  const journal = createJournal()
  const accounts = new Map<string, { readonly address: Address; readonly account: AccountFields }>()
  const balances = new Map<string, WriteSet['balances'][number]>()
  const storage = new Map<string, WriteSet['storage'][number]>()
  const assets = new Map<string, WriteSet['assets'][number]>()
  const createdAssets = new Map<'count', number>()
  const utxos = createUtxoLayer(base, journal)

  const accountFields = (address: Address): AccountFields | undefined => {
    const key = accountKey(address)
    read.add(key)
    return accounts.get(key)?.account ?? base.account(address)
  }

  const setAccount = (address: Address, account: AccountFields): void => {
    const key = accountKey(address)
    written.add(key)
    const { nonce, balance, flags, delegate } = account
    journal.set(accounts, key, { address, account: { nonce, balance, flags, delegate } })
  }

  const assetCount = (): number => {
    read.add(assetCountKey)
    return base.assetCount() + (createdAssets.get('count') ?? 0)
  }

  const setAsset = (id: AssetId, asset: Asset): void => {
    const key = assetKey(id)
    written.add(key)
    journal.set(assets, key, { id, asset })
  }

  return {
    account: (address) => {
      const fields = accountFields(address)
      return fields && { ...fields, utxoCount: utxos.count(address) }
    },
    accountNumber: (address) => {
      read.add(accountKey(address))
      return base.accountNumber(address)
    },
    balance: (owner, asset) => {
      const key = balanceKey(owner, asset)
      read.add(key)
      return balances.get(key)?.amount ?? base.balance(owner, asset)
    },
    hasBalance: (owner, asset) => {
      const key = balanceKey(owner, asset)
      read.add(key)
      return balances.has(key) || base.hasBalance(owner, asset)
    },
    storage: (rowKey) => {
      const key = storageKey(rowKey)
      read.add(key)
      const change = storage.get(key)
      return change === undefined ? base.storage(rowKey) : (change.value ?? undefined)
    },
    utxo: (id) => {
      const utxo = utxos.get(id)
      read.add(utxo === undefined ? utxoKey(id) : utxoListKey(utxo.owner))
      return utxo
    },
    utxosOf: (owner, limit) => {
      read.add(utxoListKey(owner))
      return utxos.listed(owner, limit)
    },
    newestUtxo: (owner) => {
      read.add(utxoListKey(owner))
      return utxos.newest(owner)
    },
    utxoNeighbours: (id) => {
      const utxo = utxos.get(id)
      assert(utxo !== undefined, 'only a UTXO that exists has neighbours')
      read.add(utxoListKey(utxo.owner))
      return utxos.neighbours(id)
    },
    asset: (id) => {
      const key = assetKey(id)
      read.add(key)
      return assets.get(key)?.asset ?? base.asset(id)
    },
    assetCount,
    setAccount,
    setBalance: (owner, asset, amount) => {
      assert(asset !== fig, 'FIG balances are part of the account row')
      const key = balanceKey(owner, asset)
      written.add(key)
      journal.set(balances, key, { owner, asset, amount })
    },
    setStorage: (contract, rowKey, value) => {
      const key = storageKey(rowKey)
      written.add(key)
      journal.set(storage, key, { contract, key: rowKey, value })
    },
    createUtxo: (utxo) => {
      assert(utxos.get(utxo.id) === undefined, 'the id of a new UTXO is unique')
      written.add(utxoKey(utxo.id))
      written.add(utxoListKey(utxo.owner))
      if (accountFields(utxo.owner) === undefined) setAccount(utxo.owner, emptyAccount)
      utxos.create(utxo)
    },
    spendUtxo: (id) => {
      const utxo = utxos.get(id)
      assert(utxo !== undefined, 'a spent UTXO exists')
      written.add(utxoListKey(utxo.owner))
      utxos.spend(utxo)
    },
    setAsset,
    createAsset: (asset) => {
      const id = asAssetId(assetCount())
      written.add(assetCountKey)
      journal.set(createdAssets, 'count', (createdAssets.get('count') ?? 0) + 1)
      setAsset(id, asset)
      return id
    },
    begin: journal.begin,
    commit: journal.commit,
    revert: journal.revert,
    access: { read, written },
    writeSet: () => ({
      accounts: [...accounts.values()],
      balances: [...balances.values()],
      storage: [...storage.values()].filter(
        ({ key, value }) => value !== null || base.storage(key) !== undefined,
      ),
      utxos: utxos.changes(),
      assets: [...assets.values()],
    }),
    createdRows: () => ({
      accounts: countOf(accounts, ({ address }) => base.account(address) === undefined),
      balances: countOf(balances, ({ owner, asset }) => !base.hasBalance(owner, asset)),
      utxos: utxos.createdCount(),
      storage: countOf(storage, ({ key, value }) => value !== null && base.storage(key) === undefined),
      assets: createdAssets.get('count') ?? 0,
    }),
  }
}

function countOf<Change>(
  changes: ReadonlyMap<string, Change>,
  makesRow: (change: Change) => boolean,
): number {
  let count = 0
  for (const change of changes.values()) if (makesRow(change)) count++
  return count
}
