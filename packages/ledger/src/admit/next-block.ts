import { asAddress } from '@banyan/base'
import type { Chain } from '../chain.js'
import { BlockExecution } from '../execute/block-execution.js'

const unknownProposer = asAddress(new Uint8Array(20))

/** An empty block after the newest one. Its proposer and its time are open; no rule of admission depends on them. */
export function nextBlock({ provider, state, genesis, head }: Chain): BlockExecution {
  const { height, timestamp } = head.header
  const environment = {
    chainId: genesis.chainId,
    height: height + 1,
    timestamp: timestamp + 1n,
    proposer: unknownProposer,
  }
  return new BlockExecution(provider, state, environment, genesis.fees, 0)
}
