import { type BanyanError, banyanError, type ErrorName, errorRegistry, toHex } from '@banyan/base'
import { publicError } from '@banyan/http-api/server'
import type { Simulation } from '@banyan/ledger'

/** The `error` member of a JSON-RPC answer. Our own words for people are in `data`. */
export type RpcError = {
  readonly code: number
  readonly message: string
  readonly data: RpcErrorData
}

export type RpcErrorData = {
  readonly code: string
  readonly name: string
  readonly cause: string
  readonly fix: string
  readonly docs: string
  readonly retryable: boolean
  /** Return data of a call that reverted, where Ethereum libraries look for them. */
  readonly data?: string
  readonly message?: string
}

/** Numbers of JSON-RPC 2.0, of EIP-1474, and 3 of geth for reverts. */
export const rpcCodes = {
  parse: -32700,
  request: -32600,
  method: -32601,
  parameters: -32602,
  internal: -32603,
  server: -32000,
  notFound: -32001,
  timeout: -32002,
  rejected: -32003,
  limit: -32005,
  reverted: 3,
} as const

const codesByKind: Partial<Record<ErrorName, number>> = {
  RequestMalformed: rpcCodes.request,
  MethodNotFound: rpcCodes.method,
  EthereumProofUnsupported: rpcCodes.method,
  ParametersInvalid: rpcCodes.parameters,
  RequestFailed: rpcCodes.internal,
  RequestTimeout: rpcCodes.timeout,
  RequestLimitExceeded: rpcCodes.limit,
  ProofUnavailable: rpcCodes.notFound,
}

/** Refusals of transactions that geth has too, so that libraries know them by its words. */
const knownRefusals: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'TransactionTypeUnknown',
  'TransactionReplayed',
  'NonceTooLow',
  'NonceTooHigh',
  'FeeFundsInsufficient',
  'FundsInsufficient',
  'FeeLimitTooLow',
  'GasLimitTooLow',
  'GasLimitTooHigh',
  'TipAboveFee',
])

/** All others get a number of their own: libraries then show our message instead of guessing at a wrong parameter. */
function codeOf(kind: ErrorName): number {
  const isRefusal = Math.floor(errorRegistry[kind].code / 100) === 12
  return codesByKind[kind] ?? (isRefusal && !knownRefusals.has(kind) ? rpcCodes.rejected : rpcCodes.server)
}

/** What geth says before the details, where our own message says it otherwise. Libraries look for these words. */
const gethWords: Partial<Record<ErrorName, string>> = {
  TransactionTypeUnknown: 'transaction type not valid in this context',
  SignatureInvalid: 'invalid sender',
  ChainWrong: 'invalid sender: invalid chain id for signer',
  GasLimitTooHigh: 'gas limit reached',
  TransactionMalformed: 'invalid transaction',
  TransactionNotCanonical: 'invalid transaction',
  TransactionTooLarge: 'oversized data',
  TransactionKnown: 'already known',
  MempoolFull: 'txpool is full',
  ReplacementUnderpriced: 'replacement transaction underpriced',
}

/** The error of a call that failed; its simulation travels along for `rpcErrorOf`. */
export function callFailed(simulation: Simulation): BanyanError {
  return banyanError('ExecutionReverted', { reason: simulation.error?.reason ?? '' }, simulation)
}

/** The JSON-RPC form of whatever was thrown: what is no registry error tells nothing of the inside of the node. */
export function rpcErrorOf(thrown: unknown, code?: number): RpcError {
  const error = publicError(thrown)
  if (error.kind === 'ExecutionReverted' && isFailedCall(error.cause)) return revertError(error.cause)
  const words = gethWords[error.kind]
  const message = words === undefined ? error.message : `${words}: ${error.message}`
  return { code: code ?? codeOf(error.kind), message, data: dataOf(error.kind) }
}

type FailedCall = Simulation & { readonly error: NonNullable<Simulation['error']> }

function isFailedCall(cause: unknown): cause is FailedCall {
  return typeof cause === 'object' && cause !== null && 'returnData' in cause && 'error' in cause
}

/** What the caller of a failed call sees: a revert with its data, but for what geth does not call a revert. */
function revertError({ error, returnData, gasUsed }: FailedCall): RpcError {
  const data = dataOf(error.kind)
  if (error.kind === 'GasExhausted') {
    return { code: rpcCodes.server, message: `out of gas: gas limit ${gasUsed}`, data }
  }
  if (error.kind === 'FundsInsufficient') return { code: rpcCodes.server, message: error.reason, data }
  const reason = error.reason === '' ? '' : `: ${error.reason}`
  return {
    code: rpcCodes.reverted,
    message: `execution reverted${reason}`,
    data: { ...data, message: 'execution reverted', data: toHex(returnData) },
  }
}

function dataOf(kind: ErrorName): RpcErrorData {
  const { code, cause, fix, retryable } = errorRegistry[kind]
  return { code: `BYN-${code}`, name: kind, cause, fix, docs: `docs/errors.md#byn-${code}`, retryable }
}
