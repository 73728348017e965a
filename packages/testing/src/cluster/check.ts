import { type Hex, toHex } from '@banyan/base'
import { feePool } from '@banyan/ledger'
import type { Cluster, RunningNode } from './cluster.js'
import type { Load, Sent } from './load.js'
import { callAll, statusOf } from './node-api.js'
import { payees, payers, startBalance, wallets } from './people.js'

/** What became of everything that was sent, and what should not be so: `problems` is empty in a network that works. */
export type Verdict = {
  readonly height: number
  readonly sent: number
  readonly acknowledged: number
  readonly final: number
  readonly expired: number
  readonly problems: readonly string[]
}

type Block = { readonly hash: Hex; readonly transactions: readonly Hex[] } | null

const blocksAtATime = 10
const settleMs = 60_000
const pollMs = 200

/**
 * Waits until every acknowledged transaction is final or can never be, and compares all nodes that run: every block has
 * one id, no acknowledged transaction is lost, nothing is paid twice, and no FIG comes or goes.
 */
export async function checkCluster(
  cluster: Pick<Cluster, 'running' | 'disturbances'>,
  { sent }: Pick<Load, 'sent'>,
): Promise<Verdict> {
  const problems: string[] = []
  const final = await settledIds(cluster, sent, problems)
  const height = await commonHeight(cluster.running())
  await checkHistory(cluster.running(), height, problems)
  checkFates(cluster, sent, final, problems)
  await checkBalances(cluster.running()[0]!, sent, final, problems)
  const acknowledged = sent.filter((transaction) => transaction.acknowledged !== undefined)
  return {
    height,
    sent: sent.length,
    acknowledged: acknowledged.length,
    final: sent.filter(({ id }) => final.has(id)).length,
    expired: acknowledged.filter(({ id }) => !final.has(id)).length,
    problems,
  }
}

/** Few blocks at a time: a machine that runs other things beside the network answers slowly. */
async function readBlocks({ rpc }: RunningNode, from: number, to: number): Promise<readonly Block[]> {
  const blocks: Block[] = []
  for (let next = from; next <= to; next += blocksAtATime) {
    const length = Math.min(blocksAtATime, to + 1 - next)
    const heights = Array.from({ length }, (_, i) => [`0x${(next + i).toString(16)}`, false])
    blocks.push(...(await callAll<Block>(rpc, 'eth_getBlockByNumber', heights)))
  }
  return blocks
}

/** Ids of all that is final, once nothing else can become final any more. */
async function settledIds(
  cluster: Pick<Cluster, 'running'>,
  sent: readonly Sent[],
  problems: string[],
): Promise<ReadonlySet<Hex>> {
  const final = new Set<Hex>()
  const node = cluster.running()[0]!
  const end = Date.now() + settleMs
  for (let next = 0; ; ) {
    const { height } = await statusOf(node.rpc)
    for (const block of await readBlocks(node, next, height)) {
      for (const id of block?.transactions ?? []) final.add(id)
    }
    next = height + 1
    // What nobody acknowledged may still be on its way, too; an Ethereum transaction that is gone never expires.
    const undecided = sent.filter(({ id, validUntil, acknowledged }) => {
      if (final.has(id)) return false
      return validUntil === undefined ? acknowledged !== undefined : validUntil > height
    })
    if (undecided.length === 0) return final
    if (Date.now() > end) {
      problems.push(
        `${undecided.length} transactions are neither final nor expired, such as ${undecided[0]!.id}`,
      )
      return final
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** Lowest final height of the nodes. */
async function commonHeight(nodes: readonly RunningNode[]): Promise<number> {
  const heights = await Promise.all(nodes.map(async ({ rpc }) => (await statusOf(rpc)).height))
  return Math.min(...heights)
}

async function checkHistory(
  nodes: readonly RunningNode[],
  height: number,
  problems: string[],
): Promise<void> {
  const histories = await Promise.all(nodes.map((node) => readBlocks(node, 0, height)))
  for (let i = 0; i <= height; i++) {
    const ids = new Set(histories.map((blocks) => blocks[i]?.hash))
    if (ids.size !== 1 || ids.has(undefined)) problems.push(`block ${i} has the ids ${[...ids].join(', ')}`)
  }
}

/** A transfer may end expired only if the node that acknowledged it was gone or cut off afterwards. */
function checkFates(
  { disturbances }: Pick<Cluster, 'disturbances'>,
  sent: readonly Sent[],
  final: ReadonlySet<Hex>,
  problems: string[],
): void {
  for (const { id, acknowledged, validUntil } of sent) {
    if (final.has(id) || acknowledged === undefined || validUntil === undefined) continue
    const { node, at } = acknowledged
    const isExplained = disturbances.some((found) => found.node === node && found.to >= at)
    if (!isExplained) problems.push(`${id} was acknowledged by node ${node}, which was well, and has expired`)
  }
}

/** Nobody pays tips, so that nobody else has FIG. */
async function checkBalances(
  { rpc }: RunningNode,
  sent: readonly Sent[],
  final: ReadonlySet<Hex>,
  problems: string[],
): Promise<void> {
  const holders = [...payers, ...wallets].map(({ address }) => address)
  const accounts = [...payees, ...holders, feePool].map((address) => [toHex(address), 'latest'])
  const balances = (await callAll<Hex>(rpc, 'eth_getBalance', accounts)).map(BigInt)
  const supply = balances.reduce((sum, balance) => sum + balance, 0n)
  const expected = startBalance * BigInt(holders.length)
  if (supply !== expected) problems.push(`all accounts together have ${supply} pip instead of ${expected}`)

  const made = sent.filter(({ id }) => final.has(id))
  for (const payee of payees.keys()) {
    const paid = BigInt(made.filter((transaction) => transaction.payee === payee).length)
    if (balances[payee] !== paid)
      problems.push(`payee ${payee} has ${balances[payee]} pip instead of ${paid}`)
  }
  const nonces = await callAll<Hex>(
    rpc,
    'eth_getTransactionCount',
    wallets.map(({ address }) => [toHex(address), 'latest']),
  )
  for (const wallet of wallets.keys()) {
    const used = made.filter((transaction) => transaction.wallet === wallet).length
    if (Number(nonces[wallet]) !== used)
      problems.push(`wallet ${wallet} has used ${Number(nonces[wallet])} nonces for ${used} transactions`)
  }
}
