export { type Admission, type AdmitContext, admit, openAdmission } from './admit/admit.js'
export { admitTransfers } from './admit/transfers.js'
export * from './block/batch.js'
export { type Block, blockParts, decodeBlock, encodeBlock, maxBlockBytes } from './block/block-codec.js'
export * from './block/describe.js'
export { gatherGeneral, gatherTransfers, type TransferSet } from './block/gather.js'
export * from './block/header.js'
export { payloadRootOf } from './block/payload.js'
export { buildBlock, type ExecutedBlock, type Proposal } from './build-block.js'
export { type Chain, type ChainOptions, createChain, type Head } from './chain.js'
export { readPrices } from './execute/block-execution.js'
export * from './execute/fees.js'
export type { GroupRunner } from './execute/group.js'
export { logsRoot } from './execute/logs.js'
export {
  type Receipt,
  type ReceiptStatus,
  readReceipt,
  receiptBytes,
  receiptsRoot,
} from './execute/receipts.js'
export type { Genesis, GenesisAccount, GenesisAsset } from './genesis.js'
export * from './host/index.js'
export * from './prove/block.js'
export * from './prove/codec.js'
export * from './prove/request.js'
export * from './prove/rows.js'
export * from './prove/window.js'
export { finalize, maxUndoBlocks, rollback } from './rollback.js'
export { feePool } from './seal.js'
export {
  type SimulatedCall,
  type Simulation,
  type SimulationBase,
  simulateCall,
} from './simulate/simulate.js'
export { type RestoreOptions, restoreChain } from './snapshot/restore.js'
export { snapshotChunks, snapshotHead } from './snapshot/write.js'
export { finalView } from './state/final-view.js'
export { windowBlocks } from './state/id-window.js'
export { balanceRowKey, rowReaders } from './state/read-rows.js'
export { type RowCounts, roomOf } from './state/room.js'
export { State, type StateOptions } from './state/state.js'
export { stateView } from './state/state-view.js'
export * from './state/view.js'
export * from './tx/index.js'
export { verifyBlock } from './verify-block.js'
