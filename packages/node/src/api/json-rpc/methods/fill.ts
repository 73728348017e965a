import { asAddress, asChainId, fail, maxAmount } from '@banyan/base'
import { type EthereumTransaction, encodeEthereum } from '@banyan/ledger'
import { z } from 'zod'
import { method, type RpcContext, type RpcMethods } from '../method.js'
import { type CallParam, callParam } from '../params.js'
import { data } from '../quantities.js'
import { waitingShape } from '../shapes/transaction.js'
import { estimateGas } from './call.js'
import { nextBaseFee, suggestedTip } from './fees.js'

const noScalar = new Uint8Array(32).fill(1)

/** A transaction with all that its sender left open, unsigned. Errors: those of `estimateGas`. */
async function fill(context: RpcContext, call: CallParam): Promise<EthereumTransaction> {
  const { node } = context
  const { from, to } = call
  if (from === undefined) fail('ParametersInvalid', { reason: '0.from: a transaction has a sender' })
  if (to === undefined || to === null) fail('CreationUnsupported')
  const type = typeOf(call)
  const tip = call.gasPrice ?? call.maxPriorityFeePerGas ?? (await suggestedTip(node))
  const price = call.gasPrice ?? call.maxFeePerGas ?? nextBaseFee(node) + tip
  const maxPriorityFeePerGas = type !== 2 ? price : tip < price ? tip : price
  const asked = type === 2 ? { maxFeePerGas: price, maxPriorityFeePerGas } : { gasPrice: price }
  const gasLimit = call.gas ?? BigInt(estimateGas(context, { ...call, ...asked }))
  return {
    kind: 'ethereum',
    type,
    chainId: asChainId(node.identity.chainId),
    nonce: inRange(call.nonce ?? node.pendingNonce(from), 64, 'nonce'),
    maxFeePerGas: inRange(price, 128, 'maxFeePerGas'),
    maxPriorityFeePerGas: inRange(maxPriorityFeePerGas, 128, 'maxPriorityFeePerGas'),
    gasLimit: inRange(gasLimit, 64, 'gas'),
    to: asAddress(to),
    value: inRange(call.value ?? 0n, 128, 'value'),
    data: call.input ?? call.data ?? new Uint8Array(0),
    accessList: type === 0 ? [] : (call.accessList ?? []),
    r: noScalar,
    s: noScalar,
    recovery: 0,
  }
}

/** Error: TransactionTypeUnknown. */
function typeOf({ type, gasPrice, accessList }: CallParam): 0 | 1 | 2 {
  if (type === 0n) return 0
  if (type === 1n) return 1
  if (type === 2n) return 2
  if (type !== undefined) fail('TransactionTypeUnknown', { type })
  if (gasPrice === undefined) return 2
  return accessList === undefined ? 0 : 1
}

function inRange(value: bigint, bits: number, name: string): bigint {
  if (value >> BigInt(bits) !== 0n) {
    fail('ParametersInvalid', { reason: `0.${name}: at most ${bits === 128 ? maxAmount : 2n ** 64n - 1n}` })
  }
  return value
}

const unsignedFields = { r: '0x0', s: '0x0', v: '0x0', yParity: '0x0' }

export const fillMethods: RpcMethods = {
  /** Fills nonce, gas and fees of a transaction that its sender will sign. `raw` has a placeholder as signature. */
  eth_fillTransaction: method(z.tuple([callParam]), async (context, call) => {
    const filled = await fill(context, call)
    const { chainId, provider } = context.node.identity
    const raw = encodeEthereum(filled)
    const shape = waitingShape(chainId, filled, asAddress(call.from!), provider.keccak256(raw))
    return { raw: data(raw), tx: { ...shape, ...unsignedFields } }
  }),
}
