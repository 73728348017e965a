import { assert, type Hash } from '@banyan/base'
import { receiptBytes } from '@banyan/ledger'
import type { EngineState } from './state.js'
import { type BlockNode, nodeOf, pathTo } from './tree.js'

const skippedStatus = 2
const receiptWords = receiptBytes / 4
const statusWord = 16

/**
 * The block above the newest final one, of those that the chain is made of now, that includes a transaction. It may still be
 * taken back. Looks through the receipts of these blocks: for ids that somebody is known to wait for.
 */
export function blockWith({ chain, tree }: EngineState, id: Hash): BlockNode | undefined {
  const head = nodeOf(tree, chain.head.id)
  const path = head === undefined ? [] : pathTo(tree, head)
  assert(path !== undefined, 'the chain leads from the final block to its head')
  const words = new Uint32Array(id.slice().buffer)
  return path.find(({ result }) => result !== undefined && includes(result.receipts, words))
}

function includes(receipts: Uint8Array, id: Uint32Array): boolean {
  const words = new Uint32Array(receipts.buffer, receipts.byteOffset, receipts.length / 4)
  for (let at = 0; at < words.length; at += receiptWords) {
    if (words[at] !== id[0] || !id.every((word, i) => words[at + i] === word)) continue
    return (words[at + statusWord]! & 0xffff) !== skippedStatus
  }
  return false
}
