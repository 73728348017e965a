import { readdir, readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Observation } from './conditions.js'

/** Busy and whole time of all cores since the start of the machine, in milliseconds. */
function coreTimes(): { readonly busy: number; readonly whole: number } {
  let busy = 0
  let whole = 0
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.irq + times.idle
    busy += sum - times.idle
    whole += sum
  }
  return { busy, whole }
}

/**
 * Gives a function that looks at the machine. Other programs' share is that of the time since it looked last; `ownCpuMs` tells the
 * CPU time that this miner and its workloads have used so far.
 */
export function createObserver(ownCpuMs: () => number): () => Promise<Observation> {
  let last = { ...coreTimes(), own: ownCpuMs() }
  return async () => {
    const next = { ...coreTimes(), own: ownCpuMs() }
    const whole = next.whole - last.whole
    const others = next.busy - last.busy - (next.own - last.own)
    const otherLoad = whole <= 0 ? 0 : Math.min(1, Math.max(0, others / whole))
    last = next
    const date = new Date()
    return {
      otherLoad,
      minute: date.getHours() * 60 + date.getMinutes(),
      ...(await readPower('/sys/class/power_supply')),
      temperature: await readTemperature('/sys/class/thermal'),
    }
  }
}

const text = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (found) => found.trim(),
    () => '',
  )
const entries = (path: string): Promise<readonly string[]> => readdir(path).catch(() => [])

/** Batteries as Linux shows them (Documentation/ABI/testing/sysfs-class-power). */
async function readPower(folder: string): Promise<Pick<Observation, 'isOnBattery' | 'battery'>> {
  let battery: number | undefined
  let isOnBattery = false
  for (const name of await entries(folder)) {
    if ((await text(join(folder, name, 'type'))) !== 'Battery') continue
    const capacity = Number(await text(join(folder, name, 'capacity')))
    battery = Math.min(battery ?? 100, capacity)
    isOnBattery ||= (await text(join(folder, name, 'status'))) === 'Discharging'
  }
  return { isOnBattery, battery }
}

/** The hottest zone, in degrees (Documentation/ABI/testing/sysfs-class-thermal, which counts thousandths). */
async function readTemperature(folder: string): Promise<number | undefined> {
  let hottest: number | undefined
  for (const name of await entries(folder)) {
    const value = Number((await text(join(folder, name, 'temp'))) || Number.NaN)
    if (name.startsWith('thermal_zone') && Number.isFinite(value)) hottest = Math.max(hottest ?? value, value)
  }
  return hottest === undefined ? undefined : hottest / 1_000
}
