import { defineErrors } from './definition.js'

/** 1400-1499: blocks, chains and proofs over them. */
export const blockErrors = defineErrors({
  BlockMalformed: {
    code: 1400,
    message: 'The block is malformed: {reason}.',
    cause: 'Its bytes do not follow the block layout, or exceed a bound.',
    fix: 'Discard it; fetch the block from another peer.',
    retryable: false,
  },
  BlockParentWrong: {
    code: 1401,
    message: 'The block does not extend the current head, which is block {head}.',
    cause: 'Its height, parent id or parent view differs from the chain it was given to.',
    fix: 'Roll back to its parent first, or fetch the missing blocks.',
    retryable: true,
  },
  BlockFieldWrong: {
    code: 1402,
    message: 'The header field {field} is wrong.',
    cause: 'Every derived field is recomputed by each node; the proposer gave another value.',
    fix: 'Reject the block and keep it as evidence.',
    retryable: false,
  },
  BlockTooLarge: {
    code: 1404,
    message: 'A block holds at most {limit} {what}; this goes beyond.',
    cause: 'The chain bounds the size and the work of a block.',
    fix: 'Reject such a block. A transaction that found no room may fit into a later one.',
    retryable: false,
  },
  GenesisInvalid: {
    code: 1405,
    message: 'The genesis is not valid: {reason}.',
    cause: 'The description of the new chain contradicts itself or a bound.',
    fix: 'Correct the genesis file as the message says.',
    retryable: false,
  },
  TableFull: {
    code: 1406,
    message: 'The state table {table} has no room for the rows that the transaction would make.',
    cause: 'State is kept in memory, and this chain bounds each table.',
    fix: 'Use rows that exist, or wait until others are freed; a higher bound needs a chain with another genesis.',
    retryable: true,
  },
  SnapshotInvalid: {
    code: 1407,
    message: 'The snapshot is not valid: {reason}.',
    cause: 'The file is damaged, incomplete, or of another chain.',
    fix: 'Use another snapshot, or replay the block log from genesis.',
    retryable: false,
  },
  RollbackTooDeep: {
    code: 1408,
    message: 'Block {height} cannot be undone: it is final or older than the undo history.',
    cause: 'Undo data is kept for blocks that are not final yet.',
    fix: 'Restore a snapshot and replay.',
    retryable: false,
  },
  FinalityTooFarBehind: {
    code: 1409,
    message: 'More than {limit} blocks wait for finality.',
    cause: 'Undo data is kept for blocks that are not final, and its amount is bounded.',
    fix: 'Wait until earlier blocks are final.',
    retryable: true,
  },
  BatchTransactionInvalid: {
    code: 1410,
    message: 'Transaction {index} of the batch is not valid: {reason}',
    cause: 'A batch may hold only transactions that decode and whose signatures hold.',
    fix: 'Discard the batch; whoever sent it should have checked it.',
    retryable: false,
  },
})
