import { isAbsolute } from 'node:path'
import { fail } from '@banyan/base'

/** What a workload may use. */
export type Limits = {
  /** Memory of all its processes with their temporary files, in bytes. */
  readonly memoryBytes: number
  /** Thousandths of a core. */
  readonly cpuMillis: number
  /** Processes and threads at once. */
  readonly processes: number
  /** Size of /tmp, in bytes. */
  readonly diskBytes: number
}

/** A program to be run: an HTTP server on 127.0.0.1 at the port of the variable PORT. */
export type Workload = {
  /** For logs and for people. */
  readonly name: string
  /** Absolute; the workload sees it read-only, as its working folder. */
  readonly folder: string
  /** `node` as its first word stands for the Node that runs this. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Path that answers 200 once it can work. */
  readonly health: string
  /** Longest time until then. */
  readonly startMs: number
  readonly limits: Limits
  /** Hosts with ports that it may reach through the proxy that HTTPS_PROXY names, such as `*.example.com:443`. */
  readonly egress: readonly string[]
}

const hostForm = /^(\*\.)?([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}:\d{1,5}$/

const ranges: Readonly<Record<keyof Limits, readonly [number, number]>> = {
  memoryBytes: [16 * 2 ** 20, 2 ** 40],
  cpuMillis: [10, 1_000_000],
  processes: [8, 10_000],
  diskBytes: [65_536, 2 ** 40],
}

/** Refuses what no driver can run. Error: WorkloadInvalid. */
export function checkWorkload(workload: Workload): void {
  const { name, folder, command, environment, health, startMs, limits, egress } = workload
  const refuse = (reason: string): never => fail('WorkloadInvalid', { reason })
  if (!/^[a-z0-9][a-z0-9.@-]{0,79}$/.test(name)) refuse('its name has other characters than a-z 0-9 . @ -')
  if (!isAbsolute(folder) || folder.includes(':')) refuse('its folder is no absolute path without colon')
  if (command.length === 0 || command.some((word) => word === '' || word.includes('\0')))
    refuse('its command has an empty word')
  for (const [key, value] of Object.entries(environment))
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) || value.includes('\0'))
      refuse(`the variable ${key} has no fit name or value`)
  if (egress.length > 50 || !egress.every((host) => hostForm.test(host)))
    refuse('its egress is no list of hosts with ports')
  if (!health.startsWith('/')) refuse('its health path does not begin with /')
  if (!(startMs >= 100 && startMs <= 600_000)) refuse('startMs must be 100 to 600000')
  for (const [key, [least, most]] of Object.entries(ranges)) {
    const value = limits[key as keyof Limits]
    if (!Number.isInteger(value) || value < least || value > most)
      refuse(`${key} must be a whole number from ${least} to ${most}`)
  }
}
