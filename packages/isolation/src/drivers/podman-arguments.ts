import { existsSync } from 'node:fs'
import type { Workload } from '../workload.js'
import { commandOf, environmentOf, innerFolder, innerNode } from './bubblewrap-arguments.js'

const certificates = '/etc/ssl/certs'

/** User of a container: nobody. */
const user = '65534:65534'

/**
 * Arguments of podman-run(1). Limits of open files and processes are given as numbers, since the ones that podman would take by
 * itself are above what it may set where it lacks CAP_SYS_RESOURCE.
 */
export function podmanArguments(
  workload: Workload,
  setting: {
    readonly rootfs: string
    readonly profile: string
    readonly runtime: string
    readonly label: string
    readonly name: string
    readonly pidFile: string | undefined
  },
): readonly string[] {
  const { limits, folder } = workload
  const readOnly = (from: string, to: string): readonly string[] => ['--volume', `${from}:${to}:ro`]
  const variables = Object.entries(environmentOf(workload)).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ])
  return [
    ...['--runtime', setting.runtime, 'run', '--rm', '--name', setting.name, '--label', `${setting.label}=1`],
    ...(setting.pidFile === undefined ? [] : ['--pidfile', setting.pidFile]),
    ...['--log-driver', 'none', '--network', 'none', '--hostname', 'workload', '--user', user],
    ...['--read-only', '--read-only-tmpfs=false', '--no-hosts', '--cap-drop', 'all'],
    ...['--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${setting.profile}`],
    ...['--memory', String(limits.memoryBytes), '--memory-swap', String(limits.memoryBytes)],
    ...['--pids-limit', String(limits.processes), '--cpus', String(limits.cpuMillis / 1_000)],
    ...[
      '--ulimit',
      'nofile=1024:1024',
      '--ulimit',
      'nproc=4096:4096',
      '--ulimit',
      'core=0:0',
      '--shm-size',
      '1m',
    ],
    ...['--tmpfs', `/tmp:rw,nosuid,nodev,size=${limits.diskBytes},mode=1777`],
    ...readOnly('/usr', '/usr'),
    ...(existsSync(certificates) ? readOnly(certificates, certificates) : []),
    ...readOnly(process.execPath, innerNode),
    ...readOnly(folder, innerFolder),
    ...['--workdir', innerFolder, ...variables, '--rootfs', setting.rootfs],
    ...commandOf(workload),
  ]
}
