import { intakeRows } from './chain/intake.js'
import { type Figures, type Load, measure, type Setting } from './chain/scenario.js'
import { rawLimit } from './ledger/raw-verify.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

/**
 * Networks of real processes on this machine. All validators share its cores, and each verifies and executes everything:
 * n validators that cost c each allow 1 / n of what one could do.
 */

/** CAS white paper: 3 nodes, in its packaged class. */
const paper = { name: 'CAS paper, 3 nodes', perSecond: 138_363, milliseconds: 230 }
/** Of what the machine's signatures allow. */
const signedShare = 0.85
const steadyShare = 0.6

const settings: readonly Setting[] = [
  { validators: 1, dead: 0 },
  { validators: 3, dead: 0 },
  { validators: 4, dead: 0 },
  { validators: 4, dead: 1 },
]

function nameOf({ validators, dead }: Setting): string {
  const name = validators === 1 ? '1 validator' : `${validators} validators`
  return dead === 0 ? name : `${name}, ${dead} dead`
}

function latencyRows(name: string, { p50, p99, offered }: Figures, goal?: number): readonly Row[] {
  const rate = `${(offered / 1000).toFixed(1)} k/s`
  const against = { name: paper.name, value: paper.milliseconds }
  return [
    {
      what: `${name}: finality p50 at ${rate}`,
      unit: 'ms',
      ours: p50,
      against,
      better: 'less',
      ...(goal !== undefined && { goal }),
    },
    { what: `${name}: finality p99 at ${rate}`, unit: 'ms', ours: p99, better: 'less' },
  ]
}

async function settingRows(
  setting: Setting,
  limitPerSecond: number,
  { quick }: BenchContext,
): Promise<readonly Row[]> {
  const name = nameOf(setting)
  const running = setting.validators - setting.dead
  const rounds = quick ? 1 : 3
  const seconds = quick ? 2 : 4
  const budget = limitPerSecond / running
  const loads: readonly Load[] = [
    { kind: 'signed', transfers: Math.round(budget * seconds), share: steadyShare, rounds },
    { kind: 'packaged', transfers: Math.round((400_000 * seconds) / running), share: steadyShare, rounds },
  ]
  const [signed, packaged] = await measure(setting, loads)
  const isPaper = setting.validators === 3
  return [
    {
      what: `${name}: individually signed`,
      unit: 'tx/s',
      ours: signed!.perSecond,
      against: { name: `libsodium alone, for each of ${running}`, value: budget },
      goal: signedShare * budget,
      cpuMicros: signed!.cpuMicros,
    },
    ...latencyRows(`${name}, individually signed`, signed!),
    {
      what: `${name}: packaged, 1,000 per signature`,
      unit: 'tx/s',
      ours: packaged!.perSecond,
      against: { name: paper.name, value: paper.perSecond },
      ...(isPaper && { goal: paper.perSecond }),
      cpuMicros: packaged!.cpuMicros,
    },
    ...latencyRows(`${name}, packaged`, packaged!, isPaper ? 250 : undefined),
  ]
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const limit = await rawLimit(context, 20_000)
  const chosen = context.quick ? settings.filter(({ validators }) => validators === 3) : settings
  const rows: Row[] = []
  for (const setting of chosen) rows.push(...(await settingRows(setting, limit.perSecond, context)))
  rows.push(...(await intakeRows(context)))
  return rows
}

export const bench: Bench = {
  name: 'chain',
  title: 'Chain: throughput and finality of networks of real processes, all on this machine',
  run,
}
