import type { Address, AssetId, Hash } from '@banyan/base'

/** One account. `delegate` is the account number that may move its funds by packages, 0 if none. */
export type Account = {
  readonly nonce: bigint
  readonly balance: bigint
  /** Bit set of `accountFlags`. */
  readonly flags: number
  readonly delegate: number
  readonly utxoCount: number
}

export const accountFlags = {
  /** Funds move only as the account's policy allows: a bare key does not suffice. */
  policy: 1,
  /** Extra UTXOs of the owner are swept into a spend beforehand. */
  consolidateBefore: 2,
  /** All UTXOs of the owner are merged into one after a spend. */
  consolidateAfter: 4,
} as const

export type Asset = {
  readonly issuer: Address
  /** Bit set of `assetFlags`. */
  readonly flags: number
  readonly decimals: number
  readonly supply: bigint
  /** Largest supply that minting may reach. */
  readonly cap: bigint
  readonly metadataHash: Hash
  readonly name: string
  readonly symbol: string
}

export const assetFlags = { mintable: 1, burnable: 2, pausable: 4, paused: 8 } as const

export type Utxo = {
  readonly id: Hash
  readonly owner: Address
  readonly asset: AssetId
  readonly amount: bigint
  /** Height of the block that created it. */
  readonly height: bigint
}

/** UTXOs before and after one in the list of its owner. */
export type UtxoNeighbours = { readonly newer: Hash | undefined; readonly older: Hash | undefined }

/**
 * Rows as the execution of a call sees them: those of the state, or of an overlay above it. Amounts are base units.
 * Absent rows are `undefined`; an absent balance is 0.
 */
export type StateView = {
  readonly account: (address: Address) => Account | undefined
  /** Account number (row number) of an address, `undefined` if it has no row. */
  readonly accountNumber: (address: Address) => number | undefined
  /** Balance of an asset other than FIG. */
  readonly balance: (owner: Address, asset: AssetId) => bigint
  /** Whether that balance has a row, which may hold 0. */
  readonly hasBalance: (owner: Address, asset: AssetId) => boolean
  readonly storage: (key: Hash) => Uint8Array | undefined
  readonly utxo: (id: Hash) => Utxo | undefined
  /** Ids of an owner's UTXOs, newest first, at most `limit`. */
  readonly utxosOf: (owner: Address, limit: number) => readonly Hash[]
  readonly newestUtxo: (owner: Address) => Hash | undefined
  /** Neighbours of a UTXO that exists. */
  readonly utxoNeighbours: (id: Hash) => UtxoNeighbours
  readonly asset: (asset: AssetId) => Asset | undefined
  readonly assetCount: () => number
}

/** A row of a contract's storage: up to 64 bytes under a key. */
export type StorageRow = { readonly contract: Address; readonly key: Hash; readonly value: Uint8Array }

/** What a call changed, by logical key; applied to the state in block order. Deletions are `null`. */
export type WriteSet = {
  readonly accounts: readonly { readonly address: Address; readonly account: Omit<Account, 'utxoCount'> }[]
  readonly balances: readonly { readonly owner: Address; readonly asset: AssetId; readonly amount: bigint }[]
  readonly storage: readonly {
    readonly contract: Address
    readonly key: Hash
    readonly value: Uint8Array | null
  }[]
  readonly utxos: readonly { readonly id: Hash; readonly utxo: Utxo | null }[]
  readonly assets: readonly { readonly id: AssetId; readonly asset: Asset }[]
}
