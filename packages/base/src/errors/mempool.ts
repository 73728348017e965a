import { defineErrors } from './definition.js'

/** 1900-1949: why a node does not keep a transaction that could be executed. */
export const mempoolErrors = defineErrors({
  TransactionKnown: {
    code: 1900,
    message: 'The transaction already waits to be included.',
    cause: 'It was submitted to this node before.',
    fix: 'Wait for its receipt; there is nothing to send again.',
    retryable: false,
  },
  MempoolFull: {
    code: 1901,
    message: 'The node holds as many waiting transactions as it can ({limit} bytes).',
    cause:
      'More is submitted than the chain includes, and those that wait pay more or come from senders who use less.',
    fix: 'Send it again in a few seconds, or with a higher tip.',
    retryable: true,
  },
  SenderQueueFull: {
    code: 1902,
    message: 'Account {sender} has {count} waiting transactions; at most {limit} may wait.',
    cause: 'Each sender has a bounded share of the waiting room, so that none can fill it.',
    fix: 'Wait until some of them are included.',
    retryable: true,
  },
  ReplacementUnderpriced: {
    code: 1903,
    message:
      'A transaction with nonce {nonce} already waits; to replace it, fee and tip must rise by at least 10 %.',
    cause: 'Replacing costs the network work, so it has to pay noticeably more than what it replaces.',
    fix: 'Raise both maxFeePerGas and maxPriorityFeePerGas by at least 10 %, or use the next nonce.',
    retryable: false,
  },
  TransactionReplaced: {
    code: 1905,
    message: 'The transaction was replaced by another one with the same nonce.',
    cause: 'Its sender submitted another transaction with this nonce and a higher fee.',
    fix: 'Look for the transaction that replaced it; send this one again with the next nonce if it is still wanted.',
    retryable: false,
  },
  TransactionEvicted: {
    code: 1906,
    message: 'The node has dropped the transaction to make room for others.',
    cause: 'More was waiting than the node holds, and others paid more or came from senders who used less.',
    fix: 'Send it again, with a higher tip.',
    retryable: true,
  },
  TransactionLeftOut: {
    code: 1907,
    message: 'Blocks have left the transaction out, so the node has given it up.',
    cause: 'Something it depends on has changed: its nonce was used, its fee went up, or its funds are gone.',
    fix: 'Look at the account, and send a transaction that fits what it is now.',
    retryable: false,
  },
  ReplacementTooLate: {
    code: 1904,
    message: 'The transaction with nonce {nonce} is on its way into a block and cannot be replaced any more.',
    cause: 'Its batch has been sent to the validators.',
    fix: 'Use the next nonce; wait for the receipt of the first transaction.',
    retryable: false,
  },
})
