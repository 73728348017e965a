import { assert } from '@banyan/base'
import type { AccessKey } from './access-key.js'
import type { CallRequest, Log } from './context.js'
import type { Host } from './host.js'
import type { AuthorizeRequest } from './interfaces.js'
import type { Overlay } from './overlay.js'
import { callFailure } from './revert.js'

/** Where an authorisation happens: block and transaction. */
export type AuthorizeScope = Pick<CallRequest, 'block' | 'transactionId' | 'gasLimit'>

/** `reason` is set if the signers may not act; then nothing was written. */
export type AuthorizeOutcome = { readonly gasUsed: number; readonly reason?: string }

const transactionLevel = -1

/** Asks the contract that offers `authorize/1` whether the signers may act for an account with a policy. */
export function authorizeAccount(
  host: Host,
  overlay: Overlay,
  scope: AuthorizeScope,
  request: AuthorizeRequest,
): AuthorizeOutcome {
  const offer = host.collection.implementing('authorize/1')
  assert(offer !== undefined, 'a collection with account policies offers authorize/1')
  const { account } = request
  const { contract, feature } = offer
  const meter = { limit: scope.gasLimit, used: 0 }
  const effects = { logs: [] as Log[], logLimit: 0, uniqueIds: 0 }
  const identity = { caller: account, origin: account, self: contract.address, value: 0n }
  const { block, transactionId } = scope
  const place = { host, contract, block, transactionId, callIndex: transactionLevel, depth: 0 }
  overlay.begin()
  try {
    const context = { ...identity, ...place, overlay, meter, effects, readOnly: false }
    const reason = feature.run(context, request)
    if (reason === undefined) overlay.commit()
    else overlay.revert()
    return { gasUsed: meter.used, ...(reason === undefined ? {} : { reason }) }
  } catch (error) {
    overlay.revert()
    return { gasUsed: meter.used, reason: callFailure(error).reason }
  }
}

/** Keys that `authorizeAccount` may touch. */
export function authorizeKeys(
  host: Host,
  scope: Omit<AuthorizeScope, 'gasLimit'>,
  request: AuthorizeRequest,
): readonly AccessKey[] {
  const offer = host.collection.implementing('authorize/1')
  assert(offer !== undefined, 'a collection with account policies offers authorize/1')
  const { account } = request
  const { contract, feature } = offer
  const identity = { caller: account, origin: account, self: contract.address, value: 0n }
  return feature.keys({ host, contract, ...scope, ...identity, callIndex: transactionLevel }, request)
}
