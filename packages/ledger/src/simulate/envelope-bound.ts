import { type Address, asChainId } from '@banyan/base'
import { type AccessListEntry, encodeEthereum } from '../tx/ethereum.js'

const widest = {
  chainId: (1n << 64n) - 1n,
  nonce: (1n << 32n) - 1n,
  price: (1n << 72n) - 1n,
  gas: 2n ** 32n - 1n,
}
const scalar = new Uint8Array(32).fill(0x7f)

/**
 * Bytes of the signed Ethereum envelope of a call: as many as it can have while its nonce is below 2^32 and its prices
 * are below 2^72 pip. A real envelope is a few bytes shorter.
 */
export function envelopeBound(call: {
  readonly to: Address
  readonly value: bigint
  readonly data: Uint8Array
  readonly accessList: readonly AccessListEntry[]
}): number {
  const { to, value, data, accessList } = call
  const envelope = encodeEthereum({
    kind: 'ethereum',
    type: 2,
    chainId: asChainId(widest.chainId),
    nonce: widest.nonce,
    maxFeePerGas: widest.price,
    maxPriorityFeePerGas: widest.price,
    gasLimit: widest.gas,
    to,
    value,
    data,
    accessList,
    r: scalar,
    s: scalar,
    recovery: 1,
  })
  return envelope.length
}
