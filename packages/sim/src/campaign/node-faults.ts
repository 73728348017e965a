import type { SimulatedDisk } from '@banyan/storage/simulated'
import { kept, randomOutcome } from '@banyan/storage/simulated'
import type { Random } from '@banyan/testing'
import type { Machine } from '../node/machine.js'
import type { Nodes } from '../node/nodes.js'
import type { Quality } from '../world/network.js'
import { chance, goodQuality, pick } from './setting.js'

/** How often each fault of a machine or of the network happens, as shares of all that happen. */
export type NodeMix = {
  readonly name: string
  readonly lossPercent: number
  /** The process dies. */
  readonly kill: number
  readonly powerLoss: number
  /** Everybody loses power at once. */
  readonly blackout: number
  /** The machine dies in the middle of one of its next operations on the disk. */
  readonly crashPoint: number
  readonly failedSync: number
  readonly fullDisk: number
  readonly pause: number
  readonly partition: number
  readonly clog: number
  /** Longest sync of a disk, ms. */
  readonly slowDisk: number
  readonly skewed: boolean
  /** One node loses parts of its folders, which it gets again from the others. */
  readonly damage: boolean
}

const none = {
  lossPercent: 0,
  kill: 0,
  powerLoss: 0,
  blackout: 0,
  crashPoint: 0,
  failedSync: 0,
  fullDisk: 0,
  pause: 0,
  partition: 0,
  clog: 0,
  slowDisk: 10,
  skewed: false,
  damage: false,
}

export const calm: NodeMix = { ...none, name: 'calm' }

export const nodeMixes: readonly NodeMix[] = [
  { ...none, name: 'loss', lossPercent: 20, pause: 20, clog: 20, skewed: true },
  { ...none, name: 'crashes', kill: 20, powerLoss: 40, blackout: 10, crashPoint: 30, slowDisk: 30 },
  { ...none, name: 'disks', failedSync: 30, fullDisk: 40, crashPoint: 20, kill: 10, slowDisk: 400 },
  { ...none, name: 'partitions', partition: 60, clog: 30, kill: 10, lossPercent: 5, skewed: true },
  { ...none, name: 'damage', damage: true, powerLoss: 20, kill: 20, partition: 20, slowDisk: 30 },
  {
    name: 'everything',
    lossPercent: 10,
    kill: 15,
    powerLoss: 20,
    blackout: 3,
    crashPoint: 15,
    failedSync: 5,
    fullDisk: 5,
    pause: 10,
    partition: 15,
    clog: 12,
    slowDisk: 100,
    skewed: true,
    damage: true,
  },
]

export function nodeQuality(
  random: Random,
  { lossPercent }: NodeMix,
  delta: number,
  inOrder: boolean,
): Quality {
  return {
    lossPercent: random.below(lossPercent + 1),
    duplicatePercent: inOrder ? 0 : random.below(20),
    minDelay: 1,
    maxDelay: 1 + random.below(2 * delta),
    slowPercent: chance(random, 30) ? 5 : 0,
    slowDelay: 10 * delta,
  }
}

const disksOf = ({ disk, signerDisk, journalDisk }: Machine): readonly SimulatedDisk[] => [
  disk(),
  signerDisk(),
  journalDisk,
]

/** What faults do to one network. */
export type Faults = {
  /** Ends all faults; machines that are down start. */
  readonly heal: () => void
}

export type FaultPlan = {
  readonly mix: NodeMix
  readonly delta: number
  readonly healAt: number
  /** The node whose folders may be damaged. */
  readonly victim: number
}

/** Faults at random moments until the healing. */
export function planNodeFaults(
  nodes: Nodes,
  random: Random,
  { mix, delta, healAt, victim }: FaultPlan,
): Faults {
  const { schedule, wire, machines } = nodes
  const { network } = wire
  let isHealed = false
  const soon = (): number => schedule.now() + random.below(30 * delta)
  const startSoon = (machine: Machine): void => schedule.at(soon(), machine.start)
  const powerLoss = (machine: Machine): void => machine.crash(randomOutcome(random.u32()))

  nodes.onStopped = (node, error) => {
    const machine = machines[node]!
    // Whoever loses both copies of what a folder is about gives the node an empty one.
    if (error.kind === 'SnapshotInvalid') machine.replaceFolder()
    // After a failed sync nobody knows what the disk holds, before its power was off.
    if (error.kind === 'DiskFailed') powerLoss(machine)
    if (isHealed) schedule.at(schedule.now() + 1, machine.start)
    else startSoon(machine)
  }

  function partition(): void {
    network.heal()
    const count = pick(random, [2, 2, 3])
    const sides = machines.map(() => random.below(count))
    for (const [from, side] of sides.entries()) {
      for (const [to, other] of sides.entries()) if (side !== other) network.cut(from, to)
    }
  }

  function clog(from: number): void {
    const to = random.below(machines.length)
    if (chance(random, 50)) network.clog(from, to)
    else network.cut(from, to)
  }

  const strikes: readonly (readonly [number, (machine: Machine) => void])[] = [
    [
      mix.kill,
      (machine) => {
        machine.crash(undefined)
        startSoon(machine)
      },
    ],
    [
      mix.powerLoss,
      (machine) => {
        powerLoss(machine)
        startSoon(machine)
      },
    ],
    [
      mix.blackout,
      () => {
        for (const machine of machines) {
          powerLoss(machine)
          startSoon(machine)
        }
      },
    ],
    [mix.crashPoint, (machine) => pick(random, disksOf(machine)).crashAt(1 + random.below(30))],
    [mix.failedSync, (machine) => pick(random, disksOf(machine)).failSync(1 + random.below(5))],
    [
      mix.fullDisk,
      (machine) => {
        const full = pick(random, disksOf(machine))
        full.setCapacity(random.below(20_000))
        schedule.at(soon(), () => full.setCapacity(Number.POSITIVE_INFINITY))
      },
    ],
    [
      mix.pause,
      (machine) => {
        machine.pause()
        schedule.at(soon(), machine.resume)
      },
    ],
    [mix.partition, partition],
    [mix.clog, ({ number }) => clog(number)],
  ]

  function strike(): void {
    let draw = random.below(100)
    for (const [share, act] of strikes) {
      draw -= share
      if (draw >= 0) continue
      act(pick(random, machines))
      return
    }
    network.heal()
  }

  for (let time = random.below(20 * delta); time < healAt; time += 1 + random.below(30 * delta)) {
    schedule.at(time, strike)
  }
  if (mix.damage) schedule.at(random.below(healAt), () => damage(nodes, random, machines[victim]!))

  return {
    heal() {
      isHealed = true
      network.setQuality(goodQuality(delta))
      network.heal()
      for (const machine of machines) {
        for (const disk of disksOf(machine)) {
          disk.setCapacity(Number.POSITIVE_INFINITY)
          disk.crashAt(Number.POSITIVE_INFINITY)
          disk.failSync(Number.POSITIVE_INFINITY)
        }
        machine.resume()
        machine.start()
      }
    },
  }
}

/** Flips bits in a folder, or loses the signer's, of a machine that is off; then it starts again. */
function damage(nodes: Nodes, random: Random, machine: Machine): void {
  nodes.damaged(machine.number)
  machine.crash(kept)
  if (chance(random, 30)) machine.loseSigner()
  else void (chance(random, 80) ? decay(machine.disk(), random) : decaySigner(machine.signerDisk(), random))
  nodes.schedule.at(nodes.schedule.now() + 50, machine.start)
}

/** Flips some bits in most files of a folder. */
async function decay(disk: SimulatedDisk, random: Random): Promise<void> {
  for (const [file, size] of await filesOf(disk)) {
    if (chance(random, 40)) continue
    for (let flips = 1 + random.below(3); flips > 0 && size > 0; flips--)
      disk.flipBit(file, random.below(8 * size))
  }
}

/**
 * Flips a bit in the older half of a file. The newest entry is left alone: damaged it looks as a write does that was
 * interrupted before its vote left, and no marks can tell.
 */
async function decaySigner(disk: SimulatedDisk, random: Random): Promise<void> {
  const [file, size] = pick(random, await filesOf(disk))
  if (size > 0) disk.flipBit(file, random.below(4 * size))
}

async function filesOf(disk: SimulatedDisk): Promise<readonly (readonly [string, number])[]> {
  const folder = await disk.open()
  const names = [...(await folder.list())].sort()
  const files = await Promise.all(
    names.map(async (name) => [name, await (await folder.open(name)).size()] as const),
  )
  disk.kill()
  return files
}
