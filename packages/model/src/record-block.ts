import { compareBytes, toHex } from '@banyan/base'
import { type Header, headerRoot } from './header.js'
import { listRoot } from './merkle.js'
import { type RecentBlock, recentBlocks, type State } from './state.js'

/** Enters a block into the window of recent blocks and ids, the history, and the chain row's height and time. */
export function recordBlock(state: State, header: Header, ids: readonly Uint8Array[]): RecentBlock {
  const id = headerRoot(header)
  const { height, timestamp } = header
  const block: RecentBlock = { id, idsRoot: idsRoot(ids), height, timestamp, count: ids.length }
  state.recent[Number(height) % recentBlocks] = block
  state.blockIds.push(id)
  const hexIds = ids.map(toHex)
  for (const one of hexIds) state.includedIds.add(one)
  state.idsByHeight.set(height, hexIds)
  const forgotten = height - BigInt(recentBlocks)
  for (const one of state.idsByHeight.get(forgotten) ?? []) state.includedIds.delete(one)
  state.idsByHeight.delete(forgotten)
  state.height = height
  state.timestamp = timestamp
  return block
}

/** Root of the ids of a block in ascending byte order. */
export function idsRoot(ids: readonly Uint8Array[]): Uint8Array {
  return listRoot([...ids].sort(compareBytes), 22)
}
