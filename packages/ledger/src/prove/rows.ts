import { type Address, type AssetId, concatBytes, type Hash } from '@banyan/base'
import type { AbsenceProof, KeyedTableName, RowProof, TableName } from '@banyan/crypto'
import type { Chain } from '../chain.js'
import { windowBlocks } from '../state/id-window.js'
import { balanceKey, keyOf } from '../state/state-view.js'

/**
 * Proofs of state rows, under `chain.stateRoot`: the root of the state after the newest block, which the header of the
 * next block carries. They verify with @banyan/crypto alone. A row proof has 32 × 32 + 3 × 32 bytes of branches and
 * the row itself: 1,184 bytes for accounts and balances, 1,248 for UTXOs and storage, 1,376 for assets and the chain.
 */

/** What the state holds under a key: verify with `verifyPresence` or `verifyAbsence`. An absence takes two row proofs. */
export type KeyProof =
  | { readonly kind: 'present'; readonly row: RowProof }
  | { readonly kind: 'absent'; readonly absence: AbsenceProof }

/** Proof of an account or of its absence; the key is its address. */
export function proveAccount(chain: Chain, address: Address): KeyProof {
  return proveKey(chain, 'accounts', keyOf(address))
}

/** Proof of a balance of an asset other than FIG, or of its absence; the key is address ‖ asset number. */
export function proveBalance(chain: Chain, owner: Address, asset: AssetId): KeyProof {
  return proveKey(chain, 'balances', balanceKey(owner, asset))
}

/** Proof of a UTXO or of its absence; the key is its id. */
export function proveUtxo(chain: Chain, id: Hash): KeyProof {
  return proveKey(chain, 'utxos', keyOf(id))
}

/** Proof of a contract's storage row or of its absence; the key is that of the row. */
export function proveStorage(chain: Chain, key: Hash): KeyProof {
  return proveKey(chain, 'storage', keyOf(key))
}

/** Proof of an asset's row; verify with `verifyRow`. `undefined` if there is no such asset. */
export function proveAsset(chain: Chain, asset: AssetId): RowProof | undefined {
  return asset < chain.state.assets.length ? proveRow(chain, 'assets', asset) : undefined
}

/** Proof of the row that the state keeps of one of the last 64 blocks; verify with `verifyRow`. `undefined` for others. */
export function proveRecent(chain: Chain, height: number): RowProof | undefined {
  const newest = chain.head.header.height
  const isRecent = height >= 0 && height <= newest && height > newest - windowBlocks
  return isRecent ? proveRow(chain, 'recent', height % windowBlocks) : undefined
}

/** Proof of the row with height, time, prices and history root; verify with `verifyRow`. */
export function proveChain(chain: Chain): RowProof {
  return proveRow(chain, 'chain', 0)
}

function proveKey(chain: Chain, table: KeyedTableName, key: Uint32Array): KeyProof {
  const keyed = chain.state[table]
  const row = keyed.find(key, 0)
  if (row >= 0) return { kind: 'present', row: proveRow(chain, table, row) }
  const below = keyed.below(key)
  const next = keyed.rows.words[below * keyed.rows.rowWords + keyed.nextWord]!
  return {
    kind: 'absent',
    absence: { low: proveRow(chain, table, below), next: proveRow(chain, table, next) },
  }
}

/** Proof of any row below the table's length, freed ones included. */
export function proveRow(chain: Chain, table: TableName, row: number): RowProof {
  const { state } = chain
  const rows = rowsOf(chain, table)
  const { length, row: siblings, table: tableSiblings } = state.branch(table, row)
  return {
    row,
    bytes: Uint8Array.from(rows.bytes.subarray(row * rows.rowBytes, (row + 1) * rows.rowBytes)),
    branch: concatBytes(...siblings),
    length,
    tableBranch: concatBytes(...tableSiblings),
  }
}

function rowsOf({ state }: Chain, table: TableName) {
  return table === 'assets' || table === 'recent' || table === 'chain' ? state[table] : state[table].rows
}
