import type { ErrorName } from '@banyan/base'
import type { CallRequest, Log } from './context.js'
import { enter } from './enter.js'
import type { GasMeter } from './gas.js'
import type { Host } from './host.js'
import type { Overlay } from './overlay.js'
import { callFailure } from './revert.js'

/** Registry error of a failed call. */
export type CallError = {
  readonly kind: ErrorName
  /** Registry number, as receipts hold it. */
  readonly code: number
  readonly reason: string
}

export type CallOutcome = {
  readonly success: boolean
  /** Encoded result, or the error as Ethereum tools expect it. */
  readonly returnData: Uint8Array
  /** Empty if the call failed. */
  readonly logs: readonly Log[]
  /** Compute gas; state gas follows from the overlay, for the whole transaction. */
  readonly gasUsed: number
  readonly error?: CallError
}

/**
 * Runs one call of a transaction on the overlay. A failed call leaves the overlay's state as it was; the access sets
 * keep what was touched. Errors: `InvariantBroken` if a contract or the host is defective; then nothing may go on.
 */
export function executeCall(host: Host, overlay: Overlay, request: CallRequest): CallOutcome {
  const { block, transactionId, callIndex, caller, origin, to, value, data, gasLimit, logLimit } = request
  const meter: GasMeter = { limit: gasLimit, used: 0 }
  const effects = { logs: [] as Log[], logLimit, uniqueIds: 0 }
  const transaction = { host, block, transactionId, callIndex, caller, origin }
  overlay.begin()
  try {
    const frame = { ...transaction, overlay, meter, readOnly: false, depth: 0, effects }
    const returnData = enter(frame, { to, value, data })
    overlay.commit()
    return { success: true, returnData, logs: effects.logs, gasUsed: meter.used }
  } catch (error) {
    overlay.revert()
    const { kind, code, reason, returnData } = callFailure(error)
    return { success: false, returnData, logs: [], gasUsed: meter.used, error: { kind, code, reason } }
  }
}
