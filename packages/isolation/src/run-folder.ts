import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files that a driver needs while it runs. */
export type RunFolder = {
  readonly path: string
  /** What workloads see as /etc: names of nobody and of this host, no servers for names. */
  readonly etc: string
  readonly socket: (counter: number) => string
  readonly remove: () => Promise<void>
}

const etcFiles = {
  passwd: 'nobody:x:65534:65534:nobody:/tmp:/usr/sbin/nologin\n',
  group: 'nogroup:x:65534:\n',
  hostname: 'workload\n',
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'hosts: files\n',
  'resolv.conf': '',
}

/** Makes the folder; short, since paths of sockets hold 107 bytes. */
export async function createRunFolder(): Promise<RunFolder> {
  const path = await mkdtemp(join(tmpdir(), 'banyan-run-'))
  // Workloads of a root user belong to another user, who must get through.
  await chmod(path, 0o711)
  const etc = join(path, 'etc')
  await writeEtc(etc)
  return {
    path,
    etc,
    socket: (counter) => join(path, `${counter}.sock`),
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

/** Fills a folder that workloads see as /etc. */
export async function writeEtc(folder: string): Promise<void> {
  await mkdir(join(folder, 'ssl/certs'), { recursive: true, mode: 0o755 })
  for (const [name, text] of Object.entries(etcFiles))
    await writeFile(join(folder, name), text, { mode: 0o644 })
  await symlink('/proc/self/mounts', join(folder, 'mtab'))
}
