import { BanyanError, banyanError, type ErrorName, errorCode, fail } from '@banyan/base'
import { encodeErrorString } from './abi.js'

/** Ends the call without effects, with Solidity's `Error(string)` as return data. */
export function revert(reason: string): never {
  fail('ExecutionReverted', { reason })
}

/** Ends the call without effects, with given return data: an encoded custom error. */
export function revertWithData(reason: string, returnData: Uint8Array): never {
  throw banyanError('ExecutionReverted', { reason }, returnData)
}

/** Why a call failed: registry error and its text; `returnData` as Ethereum tools expect it. */
export type CallFailure = {
  readonly kind: ErrorName
  /** Registry number, as receipts hold it. */
  readonly code: number
  readonly reason: string
  readonly returnData: Uint8Array
}

/** What a caller can bring about. Every other exception is a defect. */
const failureKinds: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'ExecutionReverted',
  'GasExhausted',
  'MethodUnknown',
  'CallDataMalformed',
  'ContractUnknown',
  'CallDepthExceeded',
  'ValueRefused',
  'FundsInsufficient',
  'AssetUnknown',
  'AssetPaused',
  'PostBalanceOverflow',
])

/** The failure that an exception stands for. Anything that is none stops execution. Errors: `InvariantBroken`. */
export function callFailure(error: unknown): CallFailure {
  if (!(error instanceof BanyanError)) {
    fail(
      'InvariantBroken',
      { invariant: `contracts throw registry errors only, not: ${String(error)}` },
      error,
    )
  }
  if (!failureKinds.has(error.kind)) throw error
  const { kind } = error
  const failure = { kind, code: errorCode(kind) }
  if (kind === 'ExecutionReverted') {
    const { reason: detail } = error.details
    const reason = String(detail)
    const returnData = error.cause instanceof Uint8Array ? error.cause : encodeErrorString(reason)
    return { ...failure, reason, returnData }
  }
  const returnData = kind === 'GasExhausted' ? new Uint8Array(0) : encodeErrorString(error.message)
  return { ...failure, reason: error.message, returnData }
}
