import type { Hash } from '@banyan/base'
import type { ScaleBlock, ScaleChain } from './chain.js'
import type { Pool } from './pool.js'
import type { Batch } from './traffic.js'

/** The blocks that a validator has executed, and those that are final there. */
export type Execution = {
  /** Executes a block on top of this one, of what the pool has for it, and gives it to `made`. */
  readonly build: (parent: Hash, made: (batches: readonly Batch[]) => ScaleBlock) => void
  /** Executes a block as soon as its batches are here, then `done`. */
  readonly check: (id: Hash, done: () => void) => void
  /** The block and its ancestors are final. */
  readonly finalize: (id: Hash) => void
}

export type ExecutionOptions = {
  readonly chain: ScaleChain
  readonly pool: Pool
  readonly index: number
  /** CPU time of a transaction on the main thread, µs. */
  readonly micros: number
  readonly now: () => number
  readonly plan: (time: number, act: () => void) => void
  readonly run: (micros: number, done: () => void) => void
  readonly final: (block: ScaleBlock, at: number) => void
}

export function createExecution(options: ExecutionOptions): Execution {
  const { chain, pool, micros, now, plan, run, final } = options
  const executed = new Set<number>()
  let finalHeight = chain.start.height

  const isFinal = ({ ref }: ScaleBlock): boolean => ref.height <= finalHeight

  /** What was not executed yet of a block and its ancestors. */
  function missing(id: Hash): readonly ScaleBlock[] {
    return chain.path(id, ({ number }) => executed.has(number))
  }

  /** Does something once a block and its ancestors are executed. */
  function after(id: Hash, done: () => void): void {
    const blocks = missing(id)
    const batches = blocks.flatMap((block) => block.batches)
    pool.whenHere(batches, (usableAt) => {
      if (usableAt > now()) plan(usableAt, () => after(id, done))
      else execute(blocks, done)
    })
  }

  function execute(blocks: readonly ScaleBlock[], done: () => void): void {
    const left = blocks.filter(({ number }) => !executed.has(number))
    for (const { number } of left) executed.add(number)
    run(micros * left.reduce((sum, { transactions }) => sum + transactions, 0), done)
  }

  return {
    build(parent, made) {
      after(parent, () => {
        const path = chain.path(parent, isFinal)
        const taken = new Set(path.flatMap(({ batches }) => batches.map(({ id }) => id)))
        const batches = pool.choose(now(), taken)
        const transactions = batches.reduce((sum, { count }) => sum + count, 0)
        run(micros * transactions, () => executed.add(made(batches).number))
      })
    },
    check: after,
    finalize(id) {
      const path = chain.path(id, isFinal)
      if (path.length === 0) return
      finalHeight = path[0]!.ref.height
      for (const block of path) pool.remove(block.batches)
      after(id, () => {
        for (const block of path) final(block, now())
      })
    },
  }
}
