import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'

/** What a figure was measured on, with what, and when. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly os: string
  readonly node: string
  readonly openssl: string
  /** Commit of this repository, with `+` if files differed from it; empty without git. */
  readonly commit: string
  /** ISO 8601, UTC. */
  readonly date: string
  /** Load average of the last minute before the run: how many threads of others wanted a core. */
  readonly load: number
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

export function describeMachine(): Machine {
  const changed = git('status', '--porcelain') === '' ? '' : '+'
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    commit: git('rev-parse', '--short', 'HEAD') + changed,
    date: new Date().toISOString(),
    load: Number(loadavg()[0]!.toFixed(2)),
  }
}

/** Others on this machine use enough of it to make figures too low. */
export function isBusy({ load, cores }: Machine): boolean {
  return load > 0.3 * cores
}
