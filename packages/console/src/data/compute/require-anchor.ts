import { asHash, fail, fromHex, type Hex } from '@banyan/base'
import type { Transfer } from '@banyan/region/api'
import { getReceipt } from '@banyan/sdk'
import { client } from '../client.js'
import { withVerifier } from '../prove-block.js'

/** Place of the memo among the topics of its event: docs/contracts.md. */
const memoTopic = 3

/**
 * Sees that the transaction is in the final block of this height, has succeeded and carries the anchor as memo. Its receipt is proven
 * under the block, and the block by signatures of validators. Errors: StatementInvalid, those of the light client.
 */
export function requireAnchor({ id, height }: Transfer, anchor: Hex): Promise<void> {
  return withVerifier(async (verify) => {
    const { block } = await verify.receipt(asHash(fromHex(id) ?? new Uint8Array(32)))
    const { status, logs } = await getReceipt(client, { id, verify })
    if (block.height !== height)
      fail('StatementInvalid', { reason: `transaction ${id} is in block ${block.height}, not in ${height}` })
    if (status !== 'success' || !logs.some(({ topics }) => topics[memoTopic] === anchor))
      fail('StatementInvalid', { reason: `transaction ${id} does not carry the anchor ${anchor}` })
  })
}
