import { type Hash, toHex } from '@banyan/base'
import type { BlockRef, Validator } from '@banyan/consensus'
import type { DescribedBatch, ExecutedBlock, Head, Header } from '@banyan/ledger'

/** A block above the newest final one. */
export type BlockNode = {
  readonly key: string
  readonly id: Hash
  readonly header: Header
  readonly parentKey: string
  /** An empty block after the last one of its epoch: never executed, never part of the chain. */
  readonly closing: boolean
  readonly described: readonly DescribedBatch[]
  /** As consensus knows it. */
  readonly ref: BlockRef
  /** What came of it; known once it was executed. */
  result: ExecutedBlock | undefined
  /** Of the last block of an epoch: who votes in the epoch after the next one, and the history with this block. */
  elected: readonly Validator[] | undefined
  historyRoot: Hash | undefined
  /** Its proposer's vote, unchecked; empty where it is not known. */
  vote: Uint8Array
  /** Whether it was given to the disk. */
  stored: boolean
}

/** Blocks that are not final, by their id, above the newest final one. */
export type BlockTree = {
  readonly nodes: Map<string, BlockNode>
  final: Head
}

/** Most blocks in a tree: beyond this the oldest views are over anyway. */
export const maxTreeBlocks = 256

export function createTree(final: Head): BlockTree {
  return { nodes: new Map(), final }
}

export function nodeOf(tree: BlockTree, id: Hash): BlockNode | undefined {
  return tree.nodes.get(toHex(id))
}

/** The blocks from above the final one up to `node`; `undefined` if one between them is missing. */
export function pathTo(tree: BlockTree, node: BlockNode): readonly BlockNode[] | undefined {
  const finalKey = toHex(tree.final.id)
  const path: BlockNode[] = []
  let next: BlockNode | undefined = node
  while (next !== undefined) {
    path.push(next)
    if (next.parentKey === finalKey) return path.reverse()
    next = tree.nodes.get(next.parentKey)
  }
  return undefined
}

/** Makes a block final: what does not descend from it is forgotten. */
export function setFinal(tree: BlockTree, final: Head): void {
  tree.final = final
  const finalKey = toHex(final.id)
  for (const [key, node] of tree.nodes) {
    if (node.header.height <= final.header.height || !descends(tree, node, finalKey)) tree.nodes.delete(key)
  }
}

function descends(tree: BlockTree, node: BlockNode, finalKey: string): boolean {
  let next: BlockNode | undefined = node
  while (next !== undefined) {
    if (next.parentKey === finalKey) return true
    next = tree.nodes.get(next.parentKey)
  }
  return false
}
