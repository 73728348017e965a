import { defineErrors } from './definition.js'

/** 1950-1999: requests to the public APIs of a node. */
export const apiErrors = defineErrors({
  RequestMalformed: {
    code: 1950,
    message: 'The request is malformed: {reason}.',
    cause: 'Its bytes are not JSON, or not in the form that the interface defines.',
    fix: 'Send what docs/rpc.md or /v1/openapi.json describe.',
    retryable: false,
  },
  MethodNotFound: {
    code: 1951,
    message: 'the method {method} does not exist/is not available',
    cause: 'The node has no such method or path.',
    fix: 'Look the name up in docs/rpc.md or /v1/openapi.json.',
    retryable: false,
  },
  ParametersInvalid: {
    code: 1952,
    message: 'invalid argument: {reason}',
    cause: 'A parameter is missing, of another form, or out of its range.',
    fix: 'Correct the parameter that the message names.',
    retryable: false,
  },
  RequestLimitExceeded: {
    code: 1953,
    message: 'limit exceeded: {what} is bounded by {limit}',
    cause: 'The node bounds what one request may ask of it.',
    fix: 'Ask for less at a time: smaller batches, narrower ranges, pages.',
    retryable: false,
  },
  RequestTimeout: {
    code: 1954,
    message: 'request timed out after {milliseconds} ms',
    cause: 'The answer was not ready in the time that the node grants a request.',
    fix: 'Ask again, or ask for less at a time.',
    retryable: true,
  },
  BlockUnknown: {
    code: 1955,
    message: 'header not found: no final block {block}',
    cause: 'The block is not final yet, does not exist, or is older than what this node keeps.',
    fix: 'Ask for the newest block, or ask a node that keeps the whole history.',
    retryable: true,
  },
  StateUnavailable: {
    code: 1956,
    message: 'historical state not available: block {height}, the newest final block is {newest}',
    cause: 'A node keeps the state after the newest final block only.',
    fix: 'Ask for the block "latest".',
    retryable: false,
  },
  FilterUnknown: {
    code: 1957,
    message: 'filter not found: {id}',
    cause: 'It was removed, nobody asked for its changes for some time, or it belongs to another node.',
    fix: 'Make a new filter.',
    retryable: false,
  },
  TransactionUnknown: {
    code: 1958,
    message: 'The transaction {id} is not known to this node.',
    cause: 'It was never sent to this node, or was forgotten.',
    fix: 'Send it again: a transaction is included at most once.',
    retryable: true,
  },
  ProofUnavailable: {
    code: 1959,
    message: 'This node cannot prove it: {reason}.',
    cause: 'What is asked for does not exist, or is older than what this node keeps.',
    fix: 'Check the request, or ask a node that keeps the whole history.',
    retryable: false,
  },
  OriginRefused: {
    code: 1960,
    message: 'Requests {what} are refused.',
    cause:
      'A web page could reach a local node through a name that resolves to this machine. So names and origins are checked.',
    fix: 'Add the name or the origin to the configuration of the node if it is meant to be used from there.',
    retryable: false,
  },
  EthereumProofUnsupported: {
    code: 1961,
    message: 'eth_getProof is not available: the state is no Merkle Patricia tree.',
    cause: 'Proofs of this chain go up a tree of SHA-256 hashes, with another form than those of Ethereum.',
    fix: 'Use banyan_getProof, or /v1 under "proof".',
    retryable: false,
  },
  GasAllowanceExceeded: {
    code: 1962,
    message: 'gas required exceeds allowance ({limit})',
    cause: 'The call needs more gas than a block, the node, or the given limit allow.',
    fix: 'Raise the given limit, or split the work.',
    retryable: false,
  },
  RequestFailed: {
    code: 1963,
    message: 'internal error',
    cause: 'A defect in the node. The request was not carried out, or its outcome is not known.',
    fix: 'Look for the outcome before you ask again; report the failure with the log of the node.',
    retryable: true,
  },
})
