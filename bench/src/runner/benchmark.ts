/** One line of a result. Rates and times are medians of at least three runs. */
export type Row = {
  readonly what: string
  readonly unit: string
  readonly ours: number
  /** A peer or a limit, measured in the same run and in the same unit. */
  readonly against?: { readonly name: string; readonly value: number }
  readonly goal?: number
  /** Which side of `goal` is the good one; `more` unless given. */
  readonly better?: 'more' | 'less'
  /** CPU time per operation in microseconds, of all threads of this process. */
  readonly cpuMicros?: number
}

/** Medians of a measured function. */
export type Rate = {
  readonly perSecond: number
  /** CPU time per operation in microseconds, of all threads of this process. */
  readonly cpuMicros: number
}

export type BenchContext = {
  /** The whole benchmark should end within 45 seconds. */
  readonly quick: boolean
  /**
   * Runs `run`, which performs `operations` operations, once to warm up and then several times, and gives the medians.
   * Worker threads count towards CPU time; processes that it starts do not. `prepare` makes each run's input, untimed.
   */
  readonly median: <Input = undefined>(
    operations: number,
    run: (input: Input) => void | Promise<void>,
    prepare?: () => Input | Promise<Input>,
  ) => Promise<Rate>
}

export type Bench = {
  /** Name of its file without the ending. */
  readonly name: string
  readonly title: string
  readonly run: (context: BenchContext) => Promise<readonly Row[]>
}

/** The middle value; the mean of the two middle values of an even number of them. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

async function measureOnce(operations: number, run: () => void | Promise<void>): Promise<Rate> {
  const cpuStart = process.cpuUsage()
  const start = process.hrtime.bigint()
  await run()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const cpu = process.cpuUsage(cpuStart)
  return { perSecond: operations / seconds, cpuMicros: (cpu.user + cpu.system) / operations }
}

export function createContext(quick: boolean): BenchContext {
  const runs = quick ? 3 : 7
  return {
    quick,
    median: async <Input>(
      operations: number,
      run: (input: Input) => void | Promise<void>,
      prepare?: () => Input | Promise<Input>,
    ) => {
      const input = async (): Promise<Input> => (await prepare?.()) as Input
      await run(await input())
      const rates: Rate[] = []
      for (let i = 0; i < runs; i++) {
        const prepared = await input()
        rates.push(await measureOnce(operations, () => run(prepared)))
      }
      return {
        perSecond: medianOf(rates.map((rate) => rate.perSecond)),
        cpuMicros: medianOf(rates.map((rate) => rate.cpuMicros)),
      }
    },
  }
}
