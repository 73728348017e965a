import { asHash, compareBytes, equalBytes, fail, type Hash } from '@banyan/base'
import type { Keccak } from '../charge/seal.js'

/**
 * A Merkle tree over the rows of one account in one period whose nodes carry sums: docs/formats.md "Sum trees". Its shape is that of RFC 6962:
 * the left subtree holds the largest power of two of leaves that leaves something for the right one.
 */

/** What a row moves for an account. */
export type Leaf = {
  /** 16 bytes; rising strictly from leaf to leaf. */
  readonly id: Uint8Array
  readonly rowHash: Uint8Array
  /** pip. */
  readonly amount: bigint
}

/** A subtree as its parent sees it. */
export type Node = { readonly hash: Hash; readonly total: bigint }

/** Most leaves of one tree: a proof has at most 32 steps. */
export const maxLeaves = 2 ** 32 - 1
const maxTotal = 2n ** 128n
const low64 = (1n << 64n) - 1n

const leafBytes = 1 + 16 + 32 + 20 + 16
const nodeBytes = 1 + 2 * 48
const leafMemory = new Uint8Array(leafBytes)
const leafView = new DataView(leafMemory.buffer)
const nodeMemory = new Uint8Array(nodeBytes)
const nodeView = new DataView(nodeMemory.buffer)
nodeMemory[0] = 1

function setAmount(view: DataView, at: number, amount: bigint): void {
  view.setBigUint64(at, amount & low64, true)
  view.setBigUint64(at + 8, amount >> 64n, true)
}

/** `Keccak(0 ‖ id ‖ row hash ‖ account ‖ amount)`. */
export function leafHash(keccak256: Keccak, account: Uint8Array, { id, rowHash, amount }: Leaf): Hash {
  leafMemory.set(id, 1)
  leafMemory.set(rowHash, 17)
  leafMemory.set(account, 49)
  setAmount(leafView, 69, amount)
  return keccak256(leafMemory)
}

/** `Keccak(1 ‖ left hash ‖ left sum ‖ right hash ‖ right sum)` with the sum of both. */
export function joinNodes(keccak256: Keccak, left: Node, right: Node): Node {
  nodeMemory.set(left.hash, 1)
  setAmount(nodeView, 33, left.total)
  nodeMemory.set(right.hash, 49)
  setAmount(nodeView, 81, right.total)
  return { hash: keccak256(nodeMemory), total: left.total + right.total }
}

export const emptyTree: Node = { hash: asHash(new Uint8Array(32)), total: 0n }

/** Whole subtrees of rising order with as many leaves as the bits of their number say. */
export type TreeBuilder = {
  /** Error: StatementInvalid unless the id is above all before. */
  readonly add: (leaf: Leaf) => void
  readonly count: () => number
  readonly root: () => Node
}

/** Builds a root in one pass with as many nodes in memory as the count has bits. */
export function buildTree(keccak256: Keccak, account: Uint8Array): TreeBuilder {
  const stack: Node[] = []
  let count = 0
  let last: Uint8Array | undefined
  return {
    add: (leaf) => {
      requireRising(last, leaf)
      last = leaf.id
      let node: Node = { hash: leafHash(keccak256, account, leaf), total: leaf.amount }
      for (let bits = count; bits % 2 === 1; bits = (bits - 1) / 2)
        node = joinNodes(keccak256, stack.pop()!, node)
      stack.push(node)
      count++
    },
    count: () => count,
    root: () => {
      let node = stack.at(-1) ?? emptyTree
      for (let i = stack.length - 2; i >= 0; i--) node = joinNodes(keccak256, stack[i]!, node)
      return node
    },
  }
}

/** Two leaves with one id would count a row twice. */
function requireRising(last: Uint8Array | undefined, { id }: Leaf): void {
  if (last !== undefined && compareBytes(last, id) >= 0)
    fail('StatementInvalid', { reason: 'row ids do not rise strictly' })
}

/** What shows that a leaf is in a tree: its place, and the subtrees beside the way up, the nearest first. */
export type SumProof = { readonly index: number; readonly count: number; readonly beside: readonly Node[] }

/** The proof for one leaf of a tree, in as many hashes as the tree has nodes. */
export function proveLeaf(
  keccak256: Keccak,
  account: Uint8Array,
  leaves: readonly Leaf[],
  index: number,
): SumProof {
  const beside: Node[] = []
  let from = 0
  let to = leaves.length
  const rootOf = (start: number, end: number): Node => {
    const tree = buildTree(keccak256, account)
    for (let i = start; i < end; i++) tree.add(leaves[i]!)
    return tree.root()
  }
  while (to - from > 1) {
    const middle = from + leftLeaves(to - from)
    if (index < middle) {
      beside.push(rootOf(middle, to))
      to = middle
    } else {
      beside.push(rootOf(from, middle))
      from = middle
    }
  }
  return { index, count: leaves.length, beside: beside.reverse() }
}

/** The largest power of two below `count`. */
function leftLeaves(count: number): number {
  return 2 ** (31 - Math.clz32(count - 1))
}

/** The root that a leaf and its proof lead to; `undefined` if the proof has no possible form. */
export function provenRoot(
  keccak256: Keccak,
  account: Uint8Array,
  leaf: Leaf,
  { index, count, beside }: SumProof,
): Node | undefined {
  if (!Number.isSafeInteger(count) || count > maxLeaves || !(index >= 0 && index < count)) return undefined
  const isRight: boolean[] = []
  let from = 0
  let to = count
  while (to - from > 1) {
    const middle = from + leftLeaves(to - from)
    isRight.push(index >= middle)
    if (index < middle) to = middle
    else from = middle
  }
  if (beside.length !== isRight.length) return undefined
  let node: Node = { hash: leafHash(keccak256, account, leaf), total: leaf.amount }
  for (const [i, other] of beside.entries()) {
    if (other.total < 0n || other.total >= maxTotal || other.hash.length !== 32) return undefined
    node = isRight[isRight.length - 1 - i]
      ? joinNodes(keccak256, other, node)
      : joinNodes(keccak256, node, other)
    if (node.total >= maxTotal) return undefined
  }
  return node
}

/** Whether a leaf is in the tree of this root, which it also counts in its sum. */
export function isIncluded(
  keccak256: Keccak,
  account: Uint8Array,
  leaf: Leaf,
  proof: SumProof,
  root: Node,
): boolean {
  const found = provenRoot(keccak256, account, leaf, proof)
  return found !== undefined && found.total === root.total && equalBytes(found.hash, root.hash)
}
