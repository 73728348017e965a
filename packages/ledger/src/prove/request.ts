import type { Address, AssetId, Hash } from '@banyan/base'
import type { Chain } from '../chain.js'
import { windowBlocks } from '../state/id-window.js'
import { encodeKeyProof, encodeRowProof } from './codec.js'
import { proveAccount, proveBalance, proveChain, proveRow, proveStorage, proveUtxo } from './rows.js'

/** What rows of the state can show. */
export type RowRequest =
  | { readonly kind: 'account'; readonly address: Address }
  | { readonly kind: 'balance'; readonly owner: Address; readonly asset: AssetId }
  | { readonly kind: 'storage'; readonly key: Hash }
  | { readonly kind: 'utxo'; readonly id: Hash }
  | { readonly kind: 'asset'; readonly asset: AssetId }
  /** What the state remembers of a recent block. */
  | { readonly kind: 'recent'; readonly height: number }
  /** The row with prices and history. */
  | { readonly kind: 'chain' }

/** Encoded proof of the row, or that there is none, under the state root of the chain as it is now. */
export function proveRequest(chain: Chain, request: RowRequest): Uint8Array {
  switch (request.kind) {
    case 'account':
      return encodeKeyProof(proveAccount(chain, request.address))
    case 'balance':
      return encodeKeyProof(proveBalance(chain, request.owner, request.asset))
    case 'storage':
      return encodeKeyProof(proveStorage(chain, request.key))
    case 'utxo':
      return encodeKeyProof(proveUtxo(chain, request.id))
    case 'asset':
      // The last row shows how many there are.
      return encodeRowProof(proveRow(chain, 'assets', Math.min(request.asset, chain.state.assets.length - 1)))
    case 'recent':
      return encodeRowProof(proveRow(chain, 'recent', request.height % windowBlocks))
    case 'chain':
      return encodeRowProof(proveChain(chain))
  }
}
