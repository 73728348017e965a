import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { banyanError, fail } from '@banyan/base'
import { bringUp, type Launched, outcomeOf } from '../bring-up.js'
import type { Ending, Instance, Isolation, Probe } from '../isolation.js'
import { controlGroupOf } from '../limits/control-group.js'
import { createLogLines } from '../log-lines.js'
import type { Relay } from '../open-relay.js'
import { openWays } from '../open-ways.js'
import { createRunFolder, type RunFolder, writeEtc } from '../run-folder.js'
import { podmanProfile } from '../seccomp/podman-profile.js'
import { checkWorkload, type Workload } from '../workload.js'
import { podmanArguments } from './podman-arguments.js'
import { requireProgram } from './programs.js'

const driver = 'podman'
const label = 'banyan-isolation'
const execute = promisify(execFile)

let counter = 0

type Setting = {
  readonly folder: RunFolder
  readonly rootfs: string
  readonly profile: string
  readonly runtime: string
}

/**
 * Isolation by podman with crun or runc, whichever works here. As root only: what it takes to reach a container of another user
 * differs between versions, and bubblewrap serves everybody else. Error: IsolationUnusable.
 */
export async function openPodman(probes: readonly Probe[] = []): Promise<Isolation> {
  for (const program of ['podman', 'nsenter', 'prlimit']) await requireProgram(driver, program)
  if (process.getuid?.() !== 0) fail('IsolationUnusable', { driver, reason: 'it is used as root only' })
  const folder = await createRunFolder()
  const profile = join(folder.path, 'seccomp.json')
  try {
    await writeFile(profile, await podmanProfile())
    const rootfs = await makeRoot(folder)
    await removeAbandoned()
    const runtime = await findRuntime({ folder, rootfs, profile })
    const setting = { folder, rootfs, profile, runtime: runtime.name }
    const running = new Set<Instance>()
    return {
      driver,
      level: 'container',
      probes: [...runtime.probes, ...probes],
      start: async (workload) => {
        checkWorkload(workload)
        const begun = performance.now()
        const instance = await bringUp(workload, begun, await launch(workload, setting))
        running.add(instance)
        void instance.ended.then(() => running.delete(instance))
        return instance
      },
      close: async () => {
        await Promise.all([...running].map((instance) => instance.stop()))
        await folder.remove()
      },
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

/** The folder that containers have as their root, with places to mount at. */
async function makeRoot(folder: RunFolder): Promise<string> {
  const root = join(folder.path, 'root')
  for (const name of ['usr', 'app', 'proc', 'sys', 'dev', 'tmp', 'opt', 'run'])
    await mkdir(join(root, name), { recursive: true, mode: 0o755 })
  // What is mounted there takes this mode.
  await chmod(join(root, 'tmp'), 0o1777)
  await writeEtc(join(root, 'etc'))
  await writeFile(join(root, 'opt/node'), '', { mode: 0o755 })
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    if (existsSync(`/${name}`)) await symlink(`usr/${name}`, join(root, name))
  return root
}

/** Containers outlive a process that was killed; those whose process is gone are removed. */
async function removeAbandoned(): Promise<void> {
  const { stdout } = await execute('podman', [
    'ps',
    '-a',
    '--filter',
    `label=${label}`,
    '--format',
    `{{.Names}}`,
  ])
  for (const name of stdout.split('\n').filter(Boolean)) {
    const owner = /^banyan-(\d+)-/.exec(name)?.[1]
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) await removeContainer(name)
  }
}

async function removeContainer(name: string): Promise<void> {
  await execute('podman', ['rm', '--force', '--time', '0', '--ignore', name]).catch(() => undefined)
}

const probeWorkload = {
  name: 'probe',
  command: ['true'],
  environment: {},
  health: '/',
  startMs: 10_000,
  egress: [],
  limits: { memoryBytes: 64 * 2 ** 20, cpuMillis: 1_000, processes: 32, diskBytes: 2 ** 20 },
} as const

/** The first runtime that runs a container with all that workloads get: crun refuses mixed hierarchies of control groups. */
async function findRuntime(
  setting: Omit<Setting, 'runtime'>,
): Promise<{ readonly name: string; readonly probes: readonly Probe[] }> {
  const probes: Probe[] = []
  for (const runtime of ['crun', 'runc']) {
    const name = `banyan-${process.pid}-${randomUUID()}`
    const workload: Workload = { ...probeWorkload, folder: setting.rootfs }
    const argumentList = podmanArguments(workload, { ...setting, runtime, label, name, pidFile: undefined })
    try {
      await execute('podman', argumentList, { timeout: 30_000 })
      return {
        name: runtime,
        probes: [...probes, { what: runtime, isUsable: true, detail: 'ran a container' }],
      }
    } catch (error) {
      const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
      probes.push({ what: runtime, isUsable: false, detail: text.trim().split('\n').at(-1) ?? '' })
      await removeContainer(name)
    }
  }
  const reason = probes.map(({ what, detail }) => `${what}: ${detail}`).join('; ')
  return fail('IsolationUnusable', { driver, reason })
}

async function launch(workload: Workload, setting: Setting): Promise<Launched> {
  counter++
  const { limits } = workload
  const name = `banyan-${process.pid}-${counter}`
  const pidFile = join(setting.folder.path, `${counter}.pid`)
  const socketPath = setting.folder.socket(counter)
  const child = spawn('podman', podmanArguments(workload, { ...setting, label, name, pidFile }), {
    // Its monitor leaves a file where it was started when memory runs out.
    cwd: setting.folder.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createLogLines()
  log.follow(child.stdout as Readable)
  log.follow(child.stderr as Readable)
  let relay: Relay | undefined
  let group: ReturnType<typeof controlGroupOf>
  let isStopped = false
  let isTooLarge = false
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => {
      // Its control group goes with it; podman says by this code that the kernel killed it.
      isTooLarge = code === 137 && !isStopped
      resolve(outcomeOf(code, signal))
    })
  })
  const ended = closed.then((outcome): Ending => {
    if (isStopped) return { reason: 'stopped', outcome: 'was stopped' }
    if (isTooLarge)
      return { reason: 'out of memory', outcome: `used more than its ${limits.memoryBytes} bytes of memory` }
    const last = log.lines().at(-1)
    return { reason: 'exited', outcome: last === undefined ? outcome : `${outcome}: ${last}` }
  })
  const remove = async (): Promise<void> => {
    isStopped ||= child.exitCode === null && child.signalCode === null
    await removeContainer(name)
    child.kill('SIGKILL')
    await closed
    await relay?.close()
  }
  let last = { cpuMs: 0, peakBytes: 0 }
  try {
    const id = await containerProcess(pidFile, child, workload)
    group = controlGroupOf(id)
    relay = await openWays(id, workload, socketPath, driver)
  } catch (error) {
    await remove()
    const ending = await ended
    if (ending.reason === 'stopped') throw error
    throw banyanError('WorkloadEnded', { name: workload.name, outcome: ending.outcome }, error)
  }
  return {
    target: { socketPath },
    usage: () => {
      const found = group?.usage() ?? last
      // What has ended cannot be read any more.
      if (found.cpuMs > 0) last = found
      return last
    },
    resetPeak: () => group?.resetPeak(),
    log,
    ended,
    remove,
  }
}

/** Id of the first process of a container, once podman has written it. Errors: WorkloadEnded, WorkloadSilent. */
async function containerProcess(
  pidFile: string,
  child: ChildProcess,
  { name, startMs }: Workload,
): Promise<number> {
  const deadline = performance.now() + startMs
  while (performance.now() < deadline) {
    const id = Number(await readFile(pidFile, 'utf8').catch(() => ''))
    if (id > 0) return id
    if (child.exitCode !== null)
      return fail('WorkloadEnded', { name, outcome: outcomeOf(child.exitCode, null) })
    await pause(5)
  }
  return fail('WorkloadSilent', { name, path: pidFile, milliseconds: startMs })
}
