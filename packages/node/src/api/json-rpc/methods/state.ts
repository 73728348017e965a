import { type Address, utf8 } from '@banyan/base'
import { assetAt } from '@banyan/contracts'
import { z } from 'zod'
import type { NodeApi } from '../../port.js'
import { requireNewest } from '../block-of.js'
import { method, type RpcMethods } from '../method.js'
import { addressParam, blockParam, slotParam } from '../params.js'
import { data, quantity } from '../quantities.js'

const zeroWord = `0x${'00'.repeat(32)}`
/** EVM's opcode that always fails: whoever takes a marker for bytecode cannot run it. */
const invalidOpcode = 'fe'

/**
 * What stands for the code of a contract, so that tools see that there is one: an opcode that always fails, and the name
 * and version of the contract in ASCII. Empty for accounts, and for addresses of assets that do not exist.
 */
export function codeOf(node: NodeApi, address: Address): string {
  const contract = node.identity.collection.at(address)?.contract
  if (contract === undefined) return '0x'
  const isOwn = contract.addressPrefix === undefined
  if (!isOwn && node.view().asset(assetAt(address)) === undefined) return '0x'
  return `0x${invalidOpcode}${data(utf8(`banyan/${contract.name}/${contract.version}`)).slice(2)}`
}

const atBlock = z.tuple([addressParam, blockParam.optional()])

/** Methods that read the state after the newest final block. */
export const stateMethods: RpcMethods = {
  eth_getBalance: method(atBlock, async ({ node }, address, block) => {
    await requireNewest(node, block)
    return quantity(node.view().account(address)?.balance ?? 0n)
  }),

  eth_getTransactionCount: method(atBlock, async ({ node }, address, block) => {
    await requireNewest(node, block)
    if (block === 'pending') return quantity(node.pendingNonce(address))
    return quantity(node.view().account(address)?.nonce ?? 0n)
  }),

  eth_getCode: method(atBlock, async ({ node }, address, block) => {
    await requireNewest(node, block)
    return codeOf(node, address)
  }),

  eth_getStorageAt: method(
    z.tuple([addressParam, slotParam, blockParam.optional()]),
    async ({ node }, address, key, block) => {
      await requireNewest(node, block)
      if (codeOf(node, address) === '0x') return zeroWord
      const row = node.view().storage(key)
      if (row === undefined) return zeroWord
      const word = new Uint8Array(32)
      word.set(row.subarray(0, 32))
      return data(word)
    },
  ),
}
