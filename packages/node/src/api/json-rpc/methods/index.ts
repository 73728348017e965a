import { sendMethod } from '../dispatch.js'
import type { RpcMethods } from '../method.js'
import { blockMethods } from './blocks.js'
import { callMethods } from './call.js'
import { chainMethods } from './chain.js'
import { feeMethods } from './fees.js'
import { fillMethods } from './fill.js'
import { logMethods } from './logs.js'
import { proofMethods } from './proof.js'
import { stateMethods } from './state.js'
import { transactionMethods } from './transactions.js'

/** All methods but `eth_sendRawTransaction`, which is answered for a whole batch at once, and subscriptions. */
export const rpcMethods: RpcMethods = {
  ...chainMethods,
  ...stateMethods,
  ...callMethods,
  ...feeMethods,
  ...fillMethods,
  ...blockMethods,
  ...transactionMethods,
  ...logMethods,
  ...proofMethods,
}

/** Names of all methods over HTTP. */
export const rpcMethodNames: readonly string[] = [...Object.keys(rpcMethods), sendMethod].sort()
