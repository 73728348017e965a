import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LocalStatus } from '@banyan/local'
import type { ComputeStatus } from '@banyan/local/api'
import { type Bench, medianOf, type Row } from './runner/benchmark.js'

const program = fileURLToPath(new URL('../bin/banyan.js', import.meta.resolve('@banyan/cli')))
/** Four validators and their supervisor: what stands between the start and the page. */
const processes = 5
const runs = 3
const second = 1_000

type Life = {
  /** Until its page is served. */
  readonly page: number
  /** From there to the next final block. */
  readonly block: number
  /** From the page until a miner has made a picture. */
  readonly picture: number
  /** Of everything, before that picture. */
  readonly megabytes: number
  /** From Ctrl-C until its process has ended, which ends last. */
  readonly stop: number
}

function run(args: readonly string[], folder: string): ChildProcess {
  return spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}

/** One network from its start to its end. */
async function live(folder: string): Promise<Life> {
  let origin = ''
  const child = run([program, 'up', '--json', '--port', '0', '--no-activity'], folder)
  const ended = once(child, 'close')
  const page = await timeOf(async () => {
    const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string]
    origin = (JSON.parse(line) as { origin: string }).origin
    await (await fetch(origin)).text()
  })
  const height = async (): Promise<number> =>
    ((await (await fetch(`${origin}/v1/status`)).json()) as { height: number }).height
  const before = await height()
  const block = await timeOf(async () => {
    while ((await height()) === before) await new Promise((resolve) => setTimeout(resolve, 20))
  })
  const computing = async (): Promise<ComputeStatus> =>
    (await (await fetch(`${origin}/local/compute`)).json()) as ComputeStatus
  const up = await timeOf(async () => {
    while ((await computing()).state === 'starting') await new Promise((resolve) => setTimeout(resolve, 50))
  })
  const { sample } = await computing()
  const status = (await (await fetch(`${origin}/local/status`)).json()) as LocalStatus
  const drawn = await timeOf(async () => {
    const answer = await fetch(`${origin}${sample.path}`)
    if (answer.status !== 200) throw new Error(await answer.text())
    await answer.arrayBuffer()
  })
  const stop = await timeOf(() => {
    child.kill('SIGINT')
    return ended
  })
  return { page, block, picture: block + up + drawn, stop, megabytes: (status.memoryBytes ?? 0) / 2 ** 20 }
}

async function medianTime(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < runs; i++) times.push(await timeOf(act))
  return medianOf(times)
}

/** Until this many processes of Node that load nothing have ended. */
function bareNode(count: number): Promise<number> {
  return medianTime(() =>
    Promise.all(Array.from({ length: count }, () => once(run(['-e', '0'], tmpdir()), 'close'))),
  )
}

async function measure(): Promise<readonly Row[]> {
  const first: Life[] = []
  const again: Life[] = []
  for (let i = 0; i < runs; i++) {
    const folder = mkdtempSync(join(tmpdir(), 'banyan-start-'))
    try {
      first.push(await live(folder))
      again.push(await live(folder))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const all = [...first, ...again]
  const median = (lives: readonly Life[], of: keyof Life): number => medianOf(lives.map((life) => life[of]))
  const bare = {
    name: `${processes} processes of Node that load nothing`,
    value: (await bareNode(processes)) / second,
  }
  const node = { name: 'node -e 0', value: await bareNode(1) }
  const version = await medianTime(() => once(run([program, '--version'], tmpdir()), 'close'))
  return [
    {
      what: 'start to page, new network',
      unit: 's',
      ours: median(first, 'page') / second,
      against: bare,
      goal: 6,
      better: 'less',
    },
    {
      what: 'start to page, the same again',
      unit: 's',
      ours: median(again, 'page') / second,
      against: bare,
      goal: 5,
      better: 'less',
    },
    {
      what: 'ready to next final block, idle',
      unit: 's',
      ours: median(all, 'block') / second,
      goal: 2,
      better: 'less',
    },
    {
      what: 'page to the first picture of a miner, new network',
      unit: 's',
      ours: median(first, 'picture') / second,
      better: 'less',
    },
    {
      what: 'page to the first picture of a miner, the same again',
      unit: 's',
      ours: median(again, 'picture') / second,
      better: 'less',
    },
    { what: 'Ctrl-C to the end', unit: 's', ours: median(all, 'stop') / second, goal: 3, better: 'less' },
    {
      what: 'memory of all processes',
      unit: 'MB',
      ours: median(all, 'megabytes'),
      goal: 700,
      better: 'less',
    },
    { what: 'banyan --version', unit: 'ms', ours: version, against: node, goal: 150, better: 'less' },
  ]
}

export const bench: Bench = {
  name: 'start',
  title: 'the local network from its start to its end, and how fast the command line answers',
  run: measure,
}
