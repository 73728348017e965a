import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { BanyanError, banyanError, fail } from '@banyan/base'
import { bringUp, type Launched, outcomeOf } from '../bring-up.js'
import type { Ending, Instance, Isolation, Probe } from '../isolation.js'
import { type ControlGroup, type ControlGroups, groupName } from '../limits/control-group.js'
import { killTree, watchTree } from '../limits/process-tree.js'
import { createLogLines } from '../log-lines.js'
import { nobody, type Relay } from '../open-relay.js'
import { openWays } from '../open-ways.js'
import { createRunFolder, type RunFolder } from '../run-folder.js'
import { type Machine, seccompFilter } from '../seccomp/filter.js'
import { checkWorkload, type Workload } from '../workload.js'
import { bubblewrapArguments } from './bubblewrap-arguments.js'
import { requireProgram, systemPath } from './programs.js'

const driver = 'bubblewrap'

/** Joins the groups that the first words name, then becomes the rest: so nothing of a workload ever runs outside of them. */
const joinAndRun =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 125; shift; n=$((n-1)); done; exec "$@"'

let counter = 0

/**
 * Isolation by bubblewrap: namespaces without a daemon, for any user. Without control groups memory is watched instead.
 * Error: IsolationUnusable.
 */
export async function openBubblewrap(
  groups: ControlGroups | undefined,
  probes: readonly Probe[] = [],
): Promise<Isolation> {
  for (const program of ['bwrap', 'nsenter', 'setpriv', 'prlimit']) await requireProgram(driver, program)
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    fail('IsolationUnusable', { driver, reason: `there is no filter of system calls for ${process.arch}` })
  const folder = await createRunFolder()
  const filter = join(folder.path, 'seccomp.bpf')
  await writeFile(filter, seccompFilter(process.arch as Machine))
  const running = new Set<Instance>()
  const start = async (workload: Workload): Promise<Instance> => {
    checkWorkload(workload)
    const begun = performance.now()
    const instance = await bringUp(workload, begun, await launch(workload, groups, folder, filter))
    running.add(instance)
    void instance.ended.then(() => running.delete(instance))
    return instance
  }
  return {
    driver,
    level: groups === undefined ? 'sandbox-watched' : 'sandbox',
    probes,
    start,
    close: async () => {
      await Promise.all([...running].map((instance) => instance.stop()))
      await folder.remove()
    },
  }
}

async function launch(
  workload: Workload,
  groups: ControlGroups | undefined,
  folder: RunFolder,
  filter: string,
): Promise<Launched> {
  counter++
  const { name, limits } = workload
  const socketPath = folder.socket(counter)
  const group = await groups?.create(groupName(counter), limits)
  const child = spawnSandbox(workload, group, folder, filter)
  const log = createLogLines()
  log.follow(child.stdout as Readable)
  log.follow(child.stderr as Readable)
  let relay: Relay | undefined
  let isStopped = false
  let isTooLarge = false
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('close', (code, signal) => resolve(outcomeOf(code, signal)))
  })
  const ended = closed.then((outcome): Ending => {
    if (isStopped) return { reason: 'stopped', outcome: 'was stopped' }
    if (isTooLarge || group?.hasRunOutOfMemory() === true)
      return { reason: 'out of memory', outcome: `used more than its ${limits.memoryBytes} bytes of memory` }
    const last = log.lines().at(-1)
    return { reason: 'exited', outcome: last === undefined ? outcome : `${outcome}: ${last}` }
  })
  const watch =
    group ??
    watchTree(child.pid ?? 0, limits.memoryBytes, () => {
      isTooLarge = true
      killTree(child.pid ?? 0)
    })
  const remove = async (): Promise<void> => {
    isStopped ||= child.exitCode === null && child.signalCode === null
    child.kill('SIGKILL')
    await closed
    await relay?.close()
    if ('close' in watch) watch.close()
    await group?.remove()
  }
  try {
    const id = await sandboxProcess(child, closed, name)
    relay = await openWays(id, workload, socketPath, driver)
  } catch (error) {
    await remove()
    const ending = await ended
    if (ending.reason === 'stopped' || !(error instanceof BanyanError)) throw error
    throw banyanError('WorkloadEnded', { name, outcome: ending.outcome }, error)
  }
  return { target: { socketPath }, usage: watch.usage, resetPeak: watch.resetPeak, log, ended, remove }
}

function spawnSandbox(
  workload: Workload,
  group: ControlGroup | undefined,
  folder: RunFolder,
  filter: string,
): ChildProcess {
  const joins = group?.joins ?? []
  // As root alone: the kernel then knows the workload as another user, whatever it believes to be.
  const drop =
    process.getuid?.() === 0
      ? ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups']
      : []
  const words = [...joins, ...drop, 'bwrap', ...bubblewrapArguments(workload, folder.etc)]
  const descriptor = openSync(filter, 'r')
  try {
    return spawn('/bin/sh', ['-c', joinAndRun, 'sh', String(joins.length), ...words], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', descriptor],
      env: { PATH: systemPath },
    })
  } finally {
    closeSync(descriptor)
  }
}

/** Id of the first process in the sandbox, as bubblewrap tells it. Error: WorkloadEnded. */
async function sandboxProcess(child: ChildProcess, closed: Promise<string>, name: string): Promise<number> {
  const told = new Promise<number>((resolve) => {
    let text = ''
    child.stdio[3]?.on('data', (part: Buffer) => {
      text = (text + part.toString()).slice(0, 4_096)
      const id = /"child-pid": (\d+)/.exec(text)?.[1]
      if (id !== undefined) resolve(Number(id))
    })
  })
  const ended = closed.then((outcome) => fail('WorkloadEnded', { name, outcome }))
  return Promise.race([told, ended])
}
