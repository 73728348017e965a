import { existsSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Usage } from '../isolation.js'
import type { Limits } from '../workload.js'

/** A control group of the kernel (Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst) that holds one workload. */
export type ControlGroup = {
  /** Files into which a process writes its id to join. */
  readonly joins: readonly string[]
  readonly usage: () => Usage
  readonly resetPeak: () => void
  readonly hasRunOutOfMemory: () => boolean
  /** Removes it once nothing runs in it any more. */
  readonly remove: () => Promise<void>
}

/** How groups are made here. */
export type ControlGroups = {
  readonly version: 1 | 2
  readonly create: (name: string, limits: Limits) => Promise<ControlGroup>
}

const mount = '/sys/fs/cgroup'
const period = 100_000

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
const field = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)

type Meters = Pick<ControlGroup, 'usage' | 'resetPeak' | 'hasRunOutOfMemory'>

function metersOf2(folder: string): Meters {
  return {
    usage: () => ({
      cpuMs: field(read(join(folder, 'cpu.stat')), 'usage_usec') / 1_000,
      peakBytes: Number(read(join(folder, 'memory.peak')) || read(join(folder, 'memory.current'))),
    }),
    // Kernels from 6.12 on take this; on older ones the peak is that of the whole life.
    resetPeak: () => reset(join(folder, 'memory.peak')),
    hasRunOutOfMemory: () => field(read(join(folder, 'memory.events')), 'oom_kill') > 0,
  }
}

function metersOf1(memory: string, cpu: string): Meters {
  return {
    usage: () => ({
      cpuMs: Number(read(join(cpu, 'cpuacct.usage'))) / 1e6,
      peakBytes: Number(read(join(memory, 'memory.max_usage_in_bytes'))),
    }),
    resetPeak: () => reset(join(memory, 'memory.max_usage_in_bytes')),
    hasRunOutOfMemory: () => field(read(join(memory, 'memory.oom_control')), 'oom_kill') > 0,
  }
}

function reset(path: string): void {
  try {
    writeFileSync(path, '0')
  } catch {
    // The group has gone, or this kernel keeps its peaks.
  }
}

/** Reads the groups that something else has made for a process; nothing where it has none of its own. */
export function controlGroupOf(id: number): Meters | undefined {
  const text = read(`/proc/${id}/cgroup`)
  const path = (controller: string): string | undefined =>
    new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.+)$`, 'm').exec(text)?.[1]
  const [memory, cpu] = [path('memory'), path('cpuacct')]
  if (memory !== undefined && cpu !== undefined)
    return metersOf1(join(mount, 'memory', memory), join(mount, 'cpuacct', cpu))
  const common = /^0::(\/.+)$/m.exec(text)?.[1]
  return common === undefined ? undefined : metersOf2(join(mount, common))
}

/** Groups of version 2, below the group of this process, if it may make some with all three controllers. */
async function findVersion2(): Promise<ControlGroups | undefined> {
  const own = /^0::(.*)$/m.exec(read('/proc/self/cgroup'))?.[1]
  if (own === undefined || !existsSync(join(mount, 'cgroup.controllers'))) return undefined
  const parent = own === '/' ? mount : join(mount, own, '..')
  const enabled = read(join(parent, 'cgroup.subtree_control')).split(/\s+/)
  if (!['memory', 'pids', 'cpu'].every((name) => enabled.includes(name))) return undefined
  return {
    version: 2,
    create: async (name, limits) => {
      const folder = join(parent, name)
      await mkdir(folder)
      const set = (file: string, value: string): void => writeFileSync(join(folder, file), value)
      set('memory.max', String(limits.memoryBytes))
      set('memory.oom.group', '1')
      if (existsSync(join(folder, 'memory.swap.max'))) set('memory.swap.max', '0')
      set('pids.max', String(limits.processes))
      set('cpu.max', `${Math.round((limits.cpuMillis * period) / 1_000)} ${period}`)
      return {
        ...metersOf2(folder),
        joins: [join(folder, 'cgroup.procs')],
        remove: () => removeGroups([folder]),
      }
    },
  }
}

const version1Controllers = ['memory', 'pids', 'cpu', 'cpuacct'] as const

/** Groups of version 1, at the top of each controller's tree. */
async function findVersion1(): Promise<ControlGroups | undefined> {
  if (!version1Controllers.every((name) => existsSync(join(mount, name, 'cgroup.procs')))) return undefined
  return {
    version: 1,
    create: async (name, limits) => {
      const folder = (controller: (typeof version1Controllers)[number]): string =>
        join(mount, controller, name)
      const folders = [...new Set(version1Controllers.map(folder))]
      for (const path of folders) await mkdir(path, { recursive: true })
      const memory = folder('memory')
      const set = (path: string, value: number): void => writeFileSync(path, String(value))
      set(join(memory, 'memory.limit_in_bytes'), limits.memoryBytes)
      const withSwap = join(memory, 'memory.memsw.limit_in_bytes')
      if (existsSync(withSwap)) set(withSwap, limits.memoryBytes)
      set(join(folder('pids'), 'pids.max'), limits.processes)
      set(join(folder('cpu'), 'cpu.cfs_period_us'), period)
      set(join(folder('cpu'), 'cpu.cfs_quota_us'), Math.round((limits.cpuMillis * period) / 1_000))
      return {
        ...metersOf1(memory, folder('cpuacct')),
        joins: folders.map((path) => join(path, 'cgroup.procs')),
        remove: () => removeGroups(folders),
      }
    },
  }
}

/** The kernel keeps a group busy for a moment after its last process has gone. */
async function removeGroups(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        rmdirSync(folder)
        break
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') break
        for (const id of read(join(folder, 'cgroup.procs')).split('\n').filter(Boolean)) end(Number(id))
        await pause(20)
      }
    }
  }
}

function end(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {}
}

const ownName = /^banyan-(\d+)-\d+$/

/** Name of a group of this process, so that what a process left behind that was killed can be told apart. */
export function groupName(counter: number): string {
  return `banyan-${process.pid}-${counter}`
}

async function removeAbandoned(parents: readonly string[]): Promise<void> {
  for (const parent of parents) {
    for (const name of await readdir(parent).catch(() => [])) {
      const owner = ownName.exec(name)?.[1]
      if (owner !== undefined && !existsSync(`/proc/${owner}`)) await removeGroups([join(parent, name)])
    }
  }
}

const probeLimits: Limits = { memoryBytes: 2 ** 24, cpuMillis: 100, processes: 8, diskBytes: 65_536 }

/** How this process may make control groups, after it has made one; nothing where it may not, with the reason. */
export async function findControlGroups(): Promise<
  { readonly groups: ControlGroups } | { readonly groups: undefined; readonly reason: string }
> {
  const groups = (await findVersion2()) ?? (await findVersion1())
  if (groups === undefined) return { groups, reason: 'no group with memory, pids and cpu can be made here' }
  try {
    await removeAbandoned(
      groups.version === 1 ? version1Controllers.map((name) => join(mount, name)) : [mount],
    )
    const probe = await groups.create(groupName(0), probeLimits)
    await probe.remove()
    return { groups }
  } catch (error) {
    return { groups: undefined, reason: error instanceof Error ? error.message : String(error) }
  }
}
