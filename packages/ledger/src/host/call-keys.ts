import { BanyanError, fig } from '@banyan/base'
import { type AccessKey, balanceKey, writes } from './access-key.js'
import type { CallRequest } from './context.js'
import { resolveTarget, type Target } from './enter.js'
import type { Host } from './host.js'

/** A request without what only execution needs. */
export type KeyRequest = Omit<CallRequest, 'gasLimit' | 'logLimit'>

/**
 * Every key that a call may touch, derived from the call alone; `undefined` if that is impossible, so that the call
 * runs alone. A call that fails before it reaches its method touches nothing.
 */
export function callKeys(host: Host, request: KeyRequest): readonly AccessKey[] | undefined {
  const target = targetOf(host, request)
  if (target === 'refused') return []
  const { caller, to, value } = request
  const paid = value > 0n ? writes(balanceKey(caller, fig), balanceKey(to, fig)) : []
  if (target === undefined) return paid
  const { contract, method, args } = target
  const { block, transactionId, callIndex, origin } = request
  const context = { host, contract, block, transactionId, callIndex, caller, origin, self: to, value }
  const keys = method.keys(context, args)
  return keys && [...paid, ...keys]
}

function targetOf(host: Host, request: KeyRequest): Target | undefined | 'refused' {
  try {
    return resolveTarget(host.collection, request)
  } catch (error) {
    if (error instanceof BanyanError && error.kind !== 'InvariantBroken') return 'refused'
    throw error
  }
}
