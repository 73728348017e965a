import {
  capacityOf,
  constantLatency,
  findSustained,
  measureIdle,
  type Payload,
  type ScaleSetting,
  type Span,
  type Sustained,
  type Use,
  uniformLatency,
  worldLatency,
} from '@banyan/sim'
import { createRandom } from '@banyan/testing'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'
import { type Calibration, calibrate } from './scale/calibrate.js'
import { deadOf, deadShares, type NetworkSize, networkSizes } from './scale/networks.js'
import { paperRows } from './scale/paper.js'

/** Time-outs are made of this bound of the network's delay, ms; the network's own delay matters otherwise. */
const delta = 500

function settingOf(size: NetworkSize, payload: Payload, { costs }: Calibration): ScaleSetting {
  const random = createRandom(size.validators)
  return {
    validators: size.validators,
    dead: new Set(),
    deadAreKnown: true,
    timing: { delta, interval: size.interval, heartbeat: 2000 },
    batchInterval: size.batchInterval,
    load: 0,
    clients: 'spread',
    payload,
    batches: 'direct',
    costs,
    cores: 8,
    validatorsPerMachine: 1,
    bandwidth: 1000,
    latency: uniformLatency(random, 500, 2000),
    random,
  }
}

/** Fewer blocks where there are more votes in each: work grows with the square of the validators. */
function spanOf({ validators }: NetworkSize, quick: boolean): Span {
  if (validators > wholeUpTo) return { before: 1, measured: quick ? 1 : 2, after: 3 }
  return quick ? { before: 2, measured: 5, after: 4 } : { before: 5, measured: 30, after: 6 }
}

/** Where the paper has no figure to keep to, half of the transactions should be final after so many seconds. */
const patience = 1

/** The load that a network carries with half of it final as soon as in the paper. */
function sustain(setting: ScaleSetting, span: Span, idle: Use, seconds = patience): Sustained {
  return findSustained(setting, span, capacityOf(setting, idle), 1000 * seconds)
}

const paperOf = (nodes: number) => paperRows.find((row) => row.nodes === nodes)

/** The rows of one network under load, beside what the paper states for its size. */
function rowsOf(
  name: string,
  nodes: number,
  { result }: Sustained,
  goal?: number,
  seconds?: number,
): readonly Row[] {
  const paper = paperOf(nodes)
  const beside = (value: number | undefined) =>
    value === undefined ? {} : { against: { name: `CAS paper, ${nodes} nodes`, value } }
  return [
    {
      what: name,
      unit: 'tx/s',
      ours: result.throughput,
      ...beside(paper?.perSecond),
      ...(goal === undefined ? {} : { goal }),
    },
    {
      what: `${name}: half are final after`,
      unit: 's',
      ours: result.latency.p50 / 1000,
      ...beside(paper?.seconds),
      ...(seconds === undefined ? {} : { goal: seconds }),
      better: 'less',
    },
    { what: `${name}: 99 % are final after`, unit: 's', ours: result.latency.p99 / 1000, better: 'less' },
  ]
}

/** Most validators of a quick run, and of its rows of other ways and clients. */
const quickUpTo = 499
const quickWaysUpTo = 21
/** Most validators with which everything is measured: beyond, a run costs minutes. */
const wholeUpTo = 100

/** A network of this size with none, a tenth and three tenths of its leaders dead. */
function rowsOfSize(size: NetworkSize, calibration: Calibration, quick: boolean): readonly Row[] {
  const { validators, goal } = size
  const isWhole = validators <= wholeUpTo
  const span = spanOf(size, quick)
  const rows: Row[] = []
  let idle: Use | undefined
  for (const { name, ofTen } of quick ? deadShares.filter((share) => share.ofTen.length !== 1) : deadShares) {
    const dead = deadOf(validators, ofTen)
    const isDead = ofTen.length > 0
    // Three validators tolerate no dead one.
    if (isDead && (dead.size === 0 || (quick && !isWhole))) continue
    const signed = { ...settingOf(size, calibration.signed, calibration), dead }
    idle = idle === undefined || isWhole ? measureIdle(signed, span) : idle
    const run = sustain(signed, span, idle, paperOf(validators)?.seconds)
    const title = `n=${validators}${name}`
    rows.push(
      ...rowsOf(
        `${title}, individually signed`,
        validators,
        run,
        ...(isDead ? [] : [goal.signed, goal.seconds]),
      ),
    )
    if (!isDead) rows.push(mainThreadRow(title, run))
    if (!isWhole && (isDead || quick)) continue
    const packaged = { ...signed, payload: calibration.packaged }
    const packagedRun = sustain(packaged, span, idle, paperOf(validators)?.seconds)
    rows.push(rowsOf(`${title}, packaged`, validators, packagedRun, ...(isDead ? [] : [goal.packaged]))[0]!)
  }
  return rows
}

function mainThreadRow(title: string, { result, capacity }: Sustained): Row {
  return {
    what: `${title}: use of the main thread (bound: ${capacity.bound})`,
    unit: 'of a core',
    ours: result.use.main,
  }
}

/** The way that batches take matters where all clients use one validator. */
function relayRows(size: NetworkSize, calibration: Calibration, quick: boolean): readonly Row[] {
  const span = spanOf(size, quick)
  const base: ScaleSetting = { ...settingOf(size, calibration.signed, calibration), clients: 'at one' }
  const carried = (batches: ScaleSetting['batches']): number => {
    const setting = { ...base, batches }
    return sustain(setting, span, measureIdle(setting, span)).result.throughput
  }
  return [
    {
      what: `n=${size.validators}, all clients at one validator, individually signed`,
      unit: 'tx/s',
      ours: carried('direct'),
      against: { name: 'modelled relay, which is not built', value: carried('relay') },
    },
  ]
}

/** The same over five regions of the world: delays of 32 to 160 ms. */
function worldRows(size: NetworkSize, calibration: Calibration, quick: boolean): readonly Row[] {
  const span = spanOf(size, quick)
  const signed = settingOf(size, calibration.signed, calibration)
  const setting = { ...signed, latency: worldLatency(signed.random) }
  const run = sustain(setting, span, measureIdle(setting, span))
  return rowsOf(`n=${size.validators} over five regions, individually signed`, size.validators, run)
}

/** What processes on this machine would show: four validators that share two cores. */
function sharedRows(calibration: Calibration, quick: boolean): readonly Row[] {
  const size = networkSizes[0]!
  const setting: ScaleSetting = {
    ...settingOf(size, calibration.signed, calibration),
    validators: 4,
    cores: 2,
    validatorsPerMachine: 4,
    bandwidth: 10_000,
    latency: constantLatency(50),
  }
  const span = spanOf(size, quick)
  const run = sustain(setting, span, measureIdle(setting, span))
  return rowsOf('4 validators that share 2 cores, individually signed', 4, run)
}

function costRows({ costs, signed, packaged }: Calibration): readonly Row[] {
  const row = (what: string, ours: number, unit = 'µs'): Row => ({ what: `cost: ${what}`, unit, ours })
  return [
    row('ed25519, sign a vote', costs.ed25519.sign),
    row('ed25519, check a vote or a transaction', costs.ed25519.verify),
    row('BLS, sign a vote', costs.bls.sign),
    row('BLS, check a vote', costs.bls.verify),
    row('BLS, combine, for each signature', costs.bls.combine),
    row('BLS, check a certificate', costs.bls.verifyCombined),
    row('BLS, check a certificate, for each signer', costs.bls.verifyCombinedEach),
    row('decode a vote and step the core with it', costs.step),
    row('send a vote', costs.sendMessage),
    row('receive a vote', costs.receiveMessage),
    row('send a batch, for each byte', costs.sendByte),
    row('receive a batch, for each byte', costs.receiveByte),
    row('a durable write', costs.sync),
    row('a durable write, for each byte', costs.writeByte),
    row('execute a transfer', signed.execute),
    row('execute an item of a package', packaged.execute),
  ]
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const calibration = await calibrate(context)
  const { quick } = context
  const sizes = quick ? networkSizes.filter(({ validators }) => validators <= quickUpTo) : networkSizes
  const most = quick ? quickWaysUpTo : wholeUpTo
  const whole = sizes.filter(({ validators }) => validators > 3 && validators <= most)
  return [
    ...costRows(calibration),
    ...sizes.flatMap((size) => rowsOfSize(size, calibration, quick)),
    ...whole.flatMap((size) => worldRows(size, calibration, quick)),
    ...whole.flatMap((size) => relayRows(size, calibration, quick)),
    ...sharedRows(calibration, quick),
  ]
}

export const bench: Bench = {
  name: 'scale',
  title: 'Networks of 3 to 999 validators: the real core in a model of hosts and links, beside the CAS paper',
  run,
}
