import { type Address, fail } from '@banyan/base'
import { type CallContext, maxCallDepth } from './context.js'
import { enter } from './enter.js'
import { callFailure } from './revert.js'

/** What a contract learns of a call it made. */
export type NestedOutcome = { readonly success: boolean; readonly returnData: Uint8Array }

/**
 * Calls another contract in the name of this one. A failure undoes the effects of the inner call only, and the caller
 * decides what follows; spent gas stays spent. Errors: `CallDepthExceeded`, `GasExhausted`.
 */
export function callContract(context: CallContext, to: Address, data: Uint8Array, value = 0n): NestedOutcome {
  const depth = context.depth + 1
  if (depth > maxCallDepth) fail('CallDepthExceeded', { limit: maxCallDepth })
  const { overlay, effects } = context
  const logCount = effects.logs.length
  overlay.begin()
  try {
    const returnData = enter({ ...context, caller: context.self, depth }, { to, value, data })
    overlay.commit()
    return { success: true, returnData }
  } catch (error) {
    overlay.revert()
    effects.logs.length = logCount
    const failure = callFailure(error)
    if (failure.kind === 'GasExhausted') throw error
    return { success: false, returnData: failure.returnData }
  }
}
