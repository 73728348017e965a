import { asAddress, asChainId, equalBytes, fail, maxAmount } from '@banyan/base'
import { type Simulation, walletBaseFee } from '@banyan/ledger'
import { z } from 'zod'
import type { NodeApi } from '../../port.js'
import { requireNewest } from '../block-of.js'
import { callFailed } from '../errors.js'
import { method, type RpcContext, type RpcMethods } from '../method.js'
import { blockParam, type CallParam, callParam } from '../params.js'
import { data, quantity } from '../quantities.js'

const zeroAddress = asAddress(new Uint8Array(20))
const noData = new Uint8Array(0)

/** The most gas that a call may have: that of a block, and that which the node grants. */
export function largestCallGas({ node, limits }: RpcContext): number {
  const { compute, state } = node.identity.gasLimit
  return Math.min(compute, state, limits.callGas)
}

/** Simulates a call object. Errors: those of its fields, CreationUnsupported, GasLimitTooLow. */
export function simulate(context: RpcContext, call: CallParam): Simulation {
  const { node } = context
  const { from, to, value = 0n, gas, accessList = [] } = call
  const input = inputOf(call)
  checkTerms(node, call)
  if (to === undefined || to === null) fail('CreationUnsupported')
  if (value > maxAmount) fail('AmountOverflow', { amount: value })
  const cap = largestCallGas(context)
  const gasLimit = gas === undefined || gas > BigInt(cap) ? cap : Number(gas)
  return node.simulate({ from: from ?? zeroAddress, to, value, data: input, gasLimit, accessList })
}

function inputOf({ data: old, input }: CallParam): Uint8Array {
  if (old !== undefined && input !== undefined && !equalBytes(old, input)) {
    fail('ParametersInvalid', { reason: 'both "data" and "input" are set and not equal' })
  }
  return input ?? old ?? noData
}

/** What is wrong whatever the call does. Errors: ChainWrong, ParametersInvalid, TipAboveFee, FeeLimitTooLow. */
function checkTerms(node: NodeApi, call: CallParam): void {
  const { chainId, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = call
  const expected = node.identity.chainId
  if (chainId !== undefined && chainId !== expected) {
    fail('ChainWrong', { given: asChainId(chainId), expected })
  }
  if (gasPrice !== undefined && (maxFeePerGas ?? maxPriorityFeePerGas) !== undefined) {
    fail('ParametersInvalid', {
      reason: 'both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified',
    })
  }
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  ) {
    fail('TipAboveFee', { tip: maxPriorityFeePerGas, limit: maxFeePerGas })
  }
  const limit = maxFeePerGas ?? gasPrice
  const required = walletBaseFee(node.prices())
  if (limit !== undefined && limit !== 0n && limit < required) fail('FeeLimitTooLow', { limit, required })
}

/**
 * Gas limit that the call needs, exactly. Errors: as `simulate`; ExecutionReverted; GasAllowanceExceeded;
 * FeeFundsInsufficient if the call names a price that its sender cannot pay.
 */
export function estimateGas(context: RpcContext, call: CallParam): number {
  const result = simulate(context, call)
  if (!result.success) {
    const isGas = result.error?.kind === 'GasExhausted'
    if (isGas) fail('GasAllowanceExceeded', { limit: result.gasUsed })
    throw callFailed(result)
  }
  const price = call.maxFeePerGas ?? call.gasPrice ?? 0n
  if (price > 0n) {
    const required = BigInt(result.gasUsed) * price + (call.value ?? 0n)
    const balance = context.node.view().account(call.from ?? zeroAddress)?.balance ?? 0n
    if (balance < required) fail('FeeFundsInsufficient', { balance, required })
  }
  return result.gasUsed
}

const noOverrides = z.union([z.null(), z.undefined(), z.object({}).strict()], {
  error: 'state and block overrides are not available',
})
const callParams = z.tuple([callParam, blockParam.optional(), noOverrides.optional(), noOverrides.optional()])

export const callMethods: RpcMethods = {
  eth_call: method(callParams, async (context, call, block) => {
    await requireNewest(context.node, block)
    const result = simulate(context, call)
    if (!result.success) throw callFailed(result)
    return data(result.returnData)
  }),

  eth_estimateGas: method(callParams, async (context, call, block) => {
    await requireNewest(context.node, block)
    return quantity(estimateGas(context, call))
  }),
}
