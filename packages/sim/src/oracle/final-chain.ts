import { equalBytes, leToUint, toHex } from '@banyan/base'
import {
  blockId,
  type Chain,
  type ChainOptions,
  createChain,
  describeBatch,
  finalize,
  findInvalidSignature,
  readReceipt,
  receiptBytes,
  stateView,
  verifyBlock,
} from '@banyan/ledger'
import type { FinalBlock } from '@banyan/node'

/** Judges what nodes call final: one chain, which nobody forgets, in which nothing is done twice. */
export type FinalChain = {
  /** A node tells its clients of a block. */
  readonly told: (node: number, final: FinalBlock) => void
  /** A node has started again, with this newest final block. */
  readonly recovered: (node: number, height: number, id: Uint8Array) => void
  /** The folder of a node was damaged: it may have to get again what it has told. */
  readonly damaged: (node: number) => void
  readonly height: () => number
  readonly heightOf: (node: number) => number
  /** Whether a transaction is in the chain. */
  readonly includes: (id: string) => boolean
  readonly transactions: () => number
  /** Epoch and view of the first block that became final above a place. */
  readonly firstAfter: (place: Place) => Place | undefined
  /** Executes the whole chain again from its genesis, one block after the other. */
  readonly judge: (options: ChainOptions) => void
}

export type Place = { readonly epoch: number; readonly view: number }

const isAfter = (a: Place, b: Place): boolean => a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view)

export function createFinalChain(fail: (problem: string) => void): FinalChain {
  const blocks: (FinalBlock | undefined)[] = []
  /** Where blocks became final, in the order in which that was heard first. */
  const places: Place[] = []
  const included = new Map<string, number>()
  const toldBy = new Map<number, number>()

  function learn(final: FinalBlock): void {
    const { header } = final.block
    blocks[header.height] = final
    const { epoch, certificate } = final.finality()
    places.push({ epoch, view: certificate.vote.view })
    const { receipts } = final.executed
    for (let i = 0; i * receiptBytes < receipts.length; i++) {
      const { id, status } = readReceipt(receipts, i)
      if (status === 'skipped') continue
      const key = toHex(id)
      const before = included.get(key)
      if (before !== undefined) fail(`transaction ${key} is in the blocks ${before} and ${header.height}`)
      included.set(key, header.height)
    }
  }

  function told(node: number, final: FinalBlock): void {
    const { height } = final.block.header
    const before = toldBy.get(node) ?? 0
    if (height <= before) fail(`node ${node} told of block ${height} after ${before}`)
    toldBy.set(node, height)
    const known = blocks[height]
    if (known === undefined) learn(final)
    else if (!equalBytes(known.executed.id, final.executed.id))
      fail(`fork: two final blocks at height ${height}`)
    else if (!equalBytes(known.executed.receipts, final.executed.receipts))
      fail(`block ${height} has other receipts at node ${node}`)
  }

  function recovered(node: number, height: number, id: Uint8Array): void {
    const before = toldBy.get(node) ?? 0
    if (height < before) fail(`node ${node} told clients of block ${before} and came back with ${height}`)
    toldBy.set(node, height)
    const known = blocks[height]
    if (known !== undefined && !equalBytes(known.executed.id, id))
      fail(`fork: node ${node} recovered another block ${height}`)
  }

  function judge(options: ChainOptions): void {
    const chain = createChain(options)
    const supply = totalsOf(chain)
    for (let height = 1; height < blocks.length; height++) {
      const final = blocks[height]
      if (final === undefined) {
        fail(`nobody told of block ${height}`)
        return
      }
      const { header, batches } = final.block
      const described = batches.map((batch) => describeBatch(options.provider, chain.domains, batch))
      if (described.some((batch) => findInvalidSignature(options.provider, batch) >= 0))
        fail(`block ${height} holds a transaction that nobody signed`)
      const executed = verifyBlock(chain, header, described)
      finalize(chain, height)
      if (!equalBytes(executed.receipts, final.executed.receipts))
        fail(`block ${height} has other receipts when it is executed again`)
      if (!equalBytes(executed.stateRoot, final.executed.stateRoot))
        fail(`block ${height} has another state root when it is executed again`)
      if (!equalBytes(blockId(header), final.executed.id)) fail(`block ${height} has another id`)
    }
    judgeSupply(chain, supply, fail)
  }

  return {
    told,
    recovered,
    damaged: (node) => {
      toldBy.delete(node)
    },
    height: () => blocks.length - 1,
    heightOf: (node) => toldBy.get(node) ?? 0,
    includes: (id) => included.has(id),
    transactions: () => included.size,
    firstAfter(place) {
      return places.find((at) => isAfter(at, place))
    },
    judge,
  }
}

/** Base units of every asset in all rows that hold some. */
function totalsOf({ state }: Chain): bigint[] {
  const totals = new Array<bigint>(state.assets.length).fill(0n)
  const tables = [
    { table: state.accounts, width: 64, asset: undefined, amount: 32 },
    { table: state.balances, width: 64, asset: 20, amount: 32 },
    { table: state.utxos, width: 128, asset: 52, amount: 64 },
  ]
  for (const { table, width, asset, amount } of tables) {
    for (let i = 0; i < table.rows.length; i++) {
      const row = table.rows.bytes.subarray(i * width, (i + 1) * width)
      const number = asset === undefined ? 0 : Number(leToUint(row.subarray(asset, asset + 4)))
      totals[number] = (totals[number] ?? 0n) + leToUint(row.subarray(amount, amount + 16))
    }
  }
  return totals
}

/** Nothing is made or lost: not of what there was, and of new assets there is what their record says. */
function judgeSupply(chain: Chain, before: readonly bigint[], fail: (problem: string) => void): void {
  const view = stateView(chain.state)
  for (const [asset, total] of totalsOf(chain).entries()) {
    const start = before[asset]
    if (start !== undefined && start !== total) fail(`of asset ${asset} there were ${start} and are ${total}`)
    const supply = view.asset(asset as never)?.supply
    if (supply !== total) fail(`of asset ${asset} there are ${total}, and its record says ${supply}`)
  }
}
