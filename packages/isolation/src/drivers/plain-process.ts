import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import { bringUp, type Launched, outcomeOf } from '../bring-up.js'
import type { Ending, Instance, Isolation, Probe } from '../isolation.js'
import { killTree, watchTree } from '../limits/process-tree.js'
import { createLogLines } from '../log-lines.js'
import { checkWorkload, type Workload } from '../workload.js'

/**
 * No isolation: a process of this user, whose memory is watched, for development alone. Whoever opens it says so by name.
 * Error: PlainProcessRefused.
 */
export async function openPlainProcess(
  isAllowed: boolean,
  probes: readonly Probe[] = [],
): Promise<Isolation> {
  if (!isAllowed) fail('PlainProcessRefused')
  const running = new Set<Instance>()
  return {
    driver: 'process',
    level: 'none',
    probes,
    start: async (workload) => {
      checkWorkload(workload)
      const begun = performance.now()
      const instance = await bringUp(workload, begun, await launch(workload))
      running.add(instance)
      void instance.ended.then(() => running.delete(instance))
      return instance
    },
    close: async () => {
      await Promise.all([...running].map((instance) => instance.stop()))
    },
  }
}

async function launch({ folder, command, environment, limits }: Workload): Promise<Launched> {
  const temporary = await mkdtemp(join(tmpdir(), 'banyan-plain-'))
  const port = await freePort()
  const [program = '', ...rest] = command
  const child = spawn(program === 'node' ? process.execPath : program, rest, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      ...environment,
      HOME: temporary,
      TMPDIR: temporary,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createLogLines()
  log.follow(child.stdout)
  log.follow(child.stderr)
  let isStopped = false
  let isTooLarge = false
  const id = child.pid ?? 0
  const watch = watchTree(id, limits.memoryBytes, () => {
    isTooLarge = true
    killTree(id)
  })
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) =>
      resolve({ reason: 'exited', outcome: `could not be started: ${error.message}` }),
    )
    child.once('close', (code, signal) => {
      if (isStopped) resolve({ reason: 'stopped', outcome: 'was stopped' })
      else if (isTooLarge)
        resolve({
          reason: 'out of memory',
          outcome: `used more than its ${limits.memoryBytes} bytes of memory`,
        })
      else resolve({ reason: 'exited', outcome: outcomeOf(code, signal) })
    })
  })
  return {
    target: { host: '127.0.0.1', port },
    usage: watch.usage,
    resetPeak: watch.resetPeak,
    log,
    ended,
    remove: async () => {
      isStopped ||= child.exitCode === null && child.signalCode === null
      if (child.pid !== undefined) killTree(id)
      await ended
      watch.close()
      await rm(temporary, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
