/**
 * What whoever checks proofs needs of the ledger, and no more: it loads in a browser as it is, without the
 * serialization of native transactions. The package's main entry offers the same names.
 */
export * from './block/header.js'
export { type Receipt, type ReceiptStatus, readReceipt, receiptBytes } from './execute/receipts.js'
export type { HeaderFieldProof } from './prove/block.js'
export * from './prove/codec.js'
export type { RowRequest } from './prove/request.js'
export type { KeyProof } from './prove/rows.js'
export { balanceRowKey, rowReaders } from './state/read-rows.js'
export { type Account, type Asset, accountFlags, assetFlags, type Utxo } from './state/view.js'
