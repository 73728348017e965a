import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LocalPeople } from '@banyan/local/api'
import { createClient } from '@banyan/sdk'
import { findChromium } from '@banyan/testing/browser'
import { type Frames, openPages, type Pages } from './console/pages.js'
import { startPayments } from './console/payments.js'
import { type Bench, type BenchContext, medianOf, type Row } from './runner/benchmark.js'

const program = fileURLToPath(new URL('../bin/banyan.js', import.meta.resolve('@banyan/cli')))
const perSecond = 100
/** Pages that change with every block. */
const live = [
  { name: 'overview', path: '/' },
  { name: 'explorer', path: '/explorer' },
  { name: 'network', path: '/operations' },
] as const

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const found = findChromium()
  if ('reason' in found) {
    console.error(`Nothing is measured: ${found.reason}.`)
    return []
  }
  const words = ['up', '--ephemeral', '--json', '--port', '0', '--no-activity', '--no-compute']
  const network = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(network, 'close')
  try {
    const [line] = (await once(network.stdout.setEncoding('utf8'), 'data')) as [string]
    const { origin } = JSON.parse(line) as { readonly origin: string }
    const pages = await openPages(found.path, origin, context.quick ? 3 : 7)
    try {
      return await rowsOf(origin, pages)
    } finally {
      await pages.close()
    }
  } finally {
    network.kill('SIGINT')
    await ended
  }
}

async function rowsOf(origin: string, pages: Pages): Promise<readonly Row[]> {
  const { people } = (await (await fetch(`${origin}/local/people`)).json()) as LocalPeople
  const first = await pages.load(live[0].path)
  const payments = await startPayments(createClient({ url: origin }), people, perSecond)
  const empty = await pages.frames('/icon.svg')
  const rows: Row[] = []
  for (const { name, path } of live) {
    const frames = await pages.frames(path)
    rows.push(...frameRows(name, frames, empty))
  }
  const final = await payments.end()
  return [
    { what: 'payments that became final meanwhile', unit: 'per second', ours: final, goal: perSecond * 0.95 },
    ...rows,
    {
      what: 'overview: its largest part is painted',
      unit: 'ms',
      ours: first.largestPaint,
      goal: 2_500,
      better: 'less',
    },
    {
      what: 'overview: what moves while it comes (CLS)',
      unit: '',
      ours: first.shift,
      goal: 0.05,
      better: 'less',
    },
  ]
}

function frameRows(name: string, { rates, longest }: Frames, empty: Frames): readonly Row[] {
  return [
    {
      what: `${name}: frames drawn`,
      unit: 'per second',
      ours: medianOf(rates),
      against: { name: 'a picture that stands still', value: medianOf(empty.rates) },
      goal: 55,
    },
    {
      what: `${name}: longest time without one`,
      unit: 'ms',
      ours: medianOf(longest),
      against: { name: 'a picture that stands still', value: medianOf(empty.longest) },
      better: 'less',
    },
  ]
}

export const bench: Bench = {
  name: 'console',
  title: `pages that are live in Chromium, while a local network takes ${perSecond} payments per second`,
  run: measure,
}
