/**
 * What whoever makes and signs transactions needs of the ledger, and no more: it loads in a browser as it is. Reading
 * native transactions is left out, for it needs Node. The package's main entry offers the same names.
 */
export * from './execute/fees.js'
export type { Receipt, ReceiptStatus } from './execute/receipts.js'
export { windowBlocks } from './state/id-window.js'
export { accountRow } from './state/layout.js'
export * from './tx/portable.js'
