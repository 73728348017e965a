import { existsSync } from 'node:fs'
import type { Workload } from '../workload.js'

/** Port on which workloads listen inside a network namespace of their own. */
export const innerPort = 8_080

/** Where a workload finds its files, and Node. */
export const innerFolder = '/app'
export const innerNode = '/opt/node'

/** Port inside at which the proxy answers, where a workload may reach hosts. */
export const proxyPort = 3_128

/** Variables of a workload. */
export function environmentOf({ environment, egress }: Workload): Readonly<Record<string, string>> {
  const proxy = `http://127.0.0.1:${proxyPort}`
  return {
    PATH: '/usr/local/bin:/usr/bin:/usr/sbin',
    HOME: '/tmp',
    LANG: 'C.UTF-8',
    ...(egress.length > 0 ? { HTTPS_PROXY: proxy, https_proxy: proxy } : {}),
    ...environment,
    PORT: String(innerPort),
  }
}

/** Its command with the Node of this program. */
export function commandOf({ command }: Workload): readonly string[] {
  return command[0] === 'node' ? [innerNode, ...command.slice(1)] : command
}

/**
 * Arguments of bwrap(1): all namespaces, a root of read-only mounts, no capabilities, the filter of system calls from descriptor
 * 4, and what it started told on descriptor 3.
 */
export function bubblewrapArguments(workload: Workload, etc: string): readonly string[] {
  const { folder, limits } = workload
  const links = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) =>
    existsSync(`/${name}`) ? ['--symlink', `usr/${name}`, `/${name}`] : [],
  )
  const variables = Object.entries(environmentOf(workload)).flatMap(([name, value]) => [
    '--setenv',
    name,
    value,
  ])
  return [
    ...[
      '--unshare-user',
      '--unshare-ipc',
      '--unshare-pid',
      '--unshare-net',
      '--unshare-uts',
      '--unshare-cgroup-try',
    ],
    ...[
      '--disable-userns',
      '--uid',
      '65534',
      '--gid',
      '65534',
      '--hostname',
      'workload',
      '--cap-drop',
      'ALL',
    ],
    ...['--die-with-parent', '--new-session', '--info-fd', '3', '--seccomp', '4', '--clearenv'],
    ...['--ro-bind', '/usr', '/usr', ...links, '--ro-bind', etc, '/etc'],
    ...[
      '--ro-bind-try',
      '/etc/ssl/certs',
      '/etc/ssl/certs',
      '--dir',
      '/opt',
      '--ro-bind',
      process.execPath,
      innerNode,
    ],
    ...[
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--size',
      '1048576',
      '--tmpfs',
      '/dev/shm',
      '--remount-ro',
      '/dev',
    ],
    ...['--perms', '1777', '--size', String(limits.diskBytes), '--tmpfs', '/tmp'],
    ...['--ro-bind', folder, innerFolder, '--chdir', innerFolder, '--remount-ro', '/'],
    ...variables,
    ...['--', 'prlimit', `--nproc=${limits.processes}`, '--nofile=1024', '--core=0', '--memlock=65536', '--'],
    ...commandOf(workload),
  ]
}
