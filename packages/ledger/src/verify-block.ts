import { equalBytes, fail } from '@banyan/base'
import type { DescribedBatch } from './block/describe.js'
import type { Header } from './block/header.js'
import { type ExecutedBlock, extend } from './build-block.js'
import type { Chain } from './chain.js'

/**
 * Executes a block that somebody else proposed and makes it the chain's newest block. Every derived field is computed
 * anew and compared; on any error the chain is as it was. Signatures of the batches are checked before, with
 * `findInvalidSignature`; version, proposer, view, certificates and clock are consensus' business.
 * Errors: BlockParentWrong, BlockFieldWrong, FinalityTooFarBehind.
 */
export function verifyBlock(chain: Chain, header: Header, batches: readonly DescribedBatch[]): ExecutedBlock {
  const { head } = chain
  if (header.height !== head.header.height + 1 || !equalBytes(header.parentId, head.id)) {
    fail('BlockParentWrong', { head: head.header.height })
  }
  return extend(chain, { ...header, batches }, (derived) => compareHeaders(header, derived))
}

function compareHeaders(given: Header, derived: Header): void {
  for (const field of Object.keys(derived) as (keyof Header)[]) {
    const [a, b] = [given[field], derived[field]]
    const equal = a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b
    if (!equal) fail('BlockFieldWrong', { field })
  }
}
