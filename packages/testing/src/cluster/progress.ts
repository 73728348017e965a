import type { RunningNode } from './cluster.js'
import { metricsOf, statusOf, viewOfBlock } from './node-api.js'

/** How far a network has come. */
export type Place = { readonly height: number; readonly view: number }

const limitMs = 90_000
const pollMs = 200

async function until(done: () => Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`${what()}, after ${limitMs / 1_000} s`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

async function heightsOf(nodes: readonly RunningNode[]): Promise<readonly number[]> {
  return Promise.all(nodes.map(async ({ rpc }) => (await statusOf(rpc)).height))
}

/** Waits until every one of the nodes has this many final blocks more than any of them has now. */
export async function grow(nodes: readonly RunningNode[], blocks: number): Promise<void> {
  const target = Math.max(...(await heightsOf(nodes))) + blocks
  let heights: readonly number[] = []
  await until(
    async () => {
      heights = await heightsOf(nodes)
      return heights.every((height) => height >= target)
    },
    () => `not all nodes have come to block ${target}: ${heights.join(', ')}`,
  )
}

/** Highest final block and highest view of any of the nodes. */
export async function placeOf(nodes: readonly RunningNode[]): Promise<Place> {
  const metrics = await Promise.all(nodes.map(({ admin }) => metricsOf(admin)))
  const highest = (name: string): number => Math.max(...metrics.map((of) => of.get(name) ?? 0))
  return { height: highest('banyan_final_height'), view: highest('banyan_view') }
}

/** Views that it took from a place on, within one epoch, until a block was made that is final now. */
export async function viewsUntilProgress({ rpc }: RunningNode, from: Place): Promise<number> {
  let height = from.height
  let view = 0
  await until(
    async () => {
      while (view <= from.view && height < (await statusOf(rpc)).height)
        view = await viewOfBlock(rpc, ++height)
      return view > from.view
    },
    () => `no block after view ${from.view} is final`,
  )
  return view - from.view
}
