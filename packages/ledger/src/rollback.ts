import { fail } from '@banyan/base'
import type { Chain } from './chain.js'
import { windowBlocks } from './state/id-window.js'

/** Most blocks that can wait for finality: the ids of older ones may have left memory. */
export const maxUndoBlocks = windowBlocks

/** Takes the newest block back. Error: RollbackTooDeep if it is final. */
export function rollback(chain: Chain): void {
  const before = chain.earlier.pop()
  if (before === undefined) fail('RollbackTooDeep', { height: chain.head.header.height })
  chain.state.undoBlock()
  chain.head = before.head
  chain.stateRoot = before.stateRoot
  chain.history = before.history
}

/** Declares all blocks up to `height` final: what was kept to take them back is dropped. */
export function finalize(chain: Chain, height: number): void {
  while (chain.earlier.length > 0 && chain.earlier[0]!.head.header.height < height) {
    chain.earlier.shift()
    chain.state.finalizeOldest()
  }
}
