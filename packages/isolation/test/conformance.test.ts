import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  findControlGroups,
  type Instance,
  type Isolation,
  openBubblewrap,
  openPlainProcess,
  openPodman,
  type Workload,
} from '@banyan/isolation'
import { testTier } from '@banyan/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** One suite for all drivers; what only real isolation gives is asked of those that are more than a process. */

/** A copy, since workloads run as nobody, who may not be let into the folder of this repository. */
const folder = mkdtempSync(join(tmpdir(), 'banyan-probes-'))
chmodSync(folder, 0o755)
cpSync(fileURLToPath(new URL('./probes', import.meta.url)), folder, { recursive: true })
afterAll(() => rmSync(folder, { recursive: true }))

const limits = { memoryBytes: 160 * 2 ** 20, cpuMillis: 1_000, processes: 40, diskBytes: 4 * 2 ** 20 }
const workload: Workload = {
  name: 'probes',
  folder,
  command: ['node', 'server.cjs'],
  environment: { GREETING: 'hello there' },
  health: '/health',
  startMs: 30_000,
  limits,
  egress: [],
}

/** Asks the probes to do something. */
function ask<Answer>(instance: Instance, act: string, given: Record<string, unknown> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...instance.target, path: '/', method: 'POST', agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve(JSON.parse(text) as Answer))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(JSON.stringify({ act, ...given }))
  })
}

type Attempt = { readonly worked: boolean; readonly value?: string }

process.env['HOST_SECRET'] = 'nobody may see it'
const groups = await findControlGroups()
const isFull = testTier() !== 'push'

const drivers: Readonly<Record<string, () => Promise<Isolation>>> = {
  podman: () => openPodman(),
  bubblewrap: () =>
    groups.groups === undefined ? Promise.reject(groups.reason) : openBubblewrap(groups.groups),
  'bubblewrap without control groups': () => openBubblewrap(undefined),
  process: () => openPlainProcess(true),
}

for (const [name, open] of Object.entries(drivers)) {
  // Podman starts in seconds, and the other of bubblewrap differs in limits alone: not on every change.
  const isChosen = isFull || name === 'bubblewrap' || name === 'process'
  const opened = isChosen ? await open().catch((error: unknown) => String(error)) : 'runs in the full tier'
  if (typeof opened === 'string') {
    test.skip(`CMP-6: ${name} (skipped: ${opened})`, () => undefined)
    continue
  }
  describe(`CMP-6: ${name}`, () => conforms(opened))
}

function conforms(isolation: Isolation): void {
  const isReal = isolation.level !== 'none'
  let instance: Instance
  const outside = mkdtempSync(join(tmpdir(), 'banyan-outside-'))
  writeFileSync(join(outside, 'secret'), 'secret of the host', { mode: 0o644 })
  beforeAll(async () => {
    instance = await isolation.start(workload)
  }, 60_000)
  afterAll(async () => {
    await isolation.close()
    rmSync(outside, { recursive: true })
  })
  const isolated = test.runIf(isReal)
  const patience = { timeout: 60_000 }

  test('CMP-6: it answers, tells its cold start, its lines and its variables', patience, async () => {
    expect(instance.coldStartMs).toBeGreaterThan(0)
    await ask(instance, 'say', { line: 'a line' })
    await expect.poll(() => instance.logs()).toContain('a line')
    const environment = await ask<Record<string, string>>(instance, 'environment')
    expect(environment).toMatchObject({ GREETING: 'hello there' })
    for (const key of Object.keys(environment))
      expect([
        'GREETING',
        'PATH',
        'HOME',
        'LANG',
        'PORT',
        'PWD',
        'TMPDIR',
        'HOSTNAME',
        'TERM',
        'container',
        'OLDPWD',
        'SHLVL',
      ]).toContain(key)
  })

  test('CMP-5: CPU time and the peak of memory are measured', patience, async () => {
    const before = instance.usage()
    const { cpuMs } = await ask<{ cpuMs: number }>(instance, 'burn', { milliseconds: 400 })
    const used = instance.usage().cpuMs - before.cpuMs
    expect(used).toBeGreaterThan(cpuMs * 0.7)
    expect(used).toBeLessThan(cpuMs * 1.3 + 200)
    instance.resetPeak()
    await ask(instance, 'memory', { bytes: 48 * 2 ** 20 })
    await expect.poll(() => instance.usage().peakBytes).toBeGreaterThan(40 * 2 ** 20)
  })

  isolated('CMP-6: it is nobody, without capabilities, under the filter', patience, async () => {
    const {
      uid,
      groups: found,
      status,
    } = await ask<{ uid: number; groups: number[]; status: string }>(instance, 'identity')
    expect(uid).toBe(65_534)
    expect(found.filter((id) => id !== 65_534)).toEqual([])
    expect(status).toMatch(/^CapEff:\s0{16}$/m)
    expect(status).toMatch(/^CapBnd:\s0{16}$/m)
    expect(status).toMatch(/^NoNewPrivs:\s1$/m)
    expect(status).toMatch(/^Seccomp:\s2$/m)
  })

  isolated('CMP-6: files of the host and of other workloads are out of reach', patience, async () => {
    for (const path of [
      join(outside, 'secret'),
      '/etc/shadow',
      '/root/.bashrc',
      '/proc/1/root/etc/shadow',
      '/dev/sda',
      '/dev/vda',
      '/dev/mem',
      '/proc/kcore',
      '/proc/kallsyms',
    ])
      expect(
        await ask<Attempt>(instance, 'read', { path }).then(({ worked, value }) => ({
          worked: worked && value !== '' && !/^0{16}/.test(value ?? ''),
        })),
        path,
      ).toEqual({ worked: false })
    const { value } = await ask<Attempt>(instance, 'read', { path: '/proc/1/environ' })
    expect(value).not.toContain('HOST_SECRET')
    for (const path of ['/root', '/home', '/var', outside]) {
      const { worked, value } = await ask<{ worked: boolean; value: string[] }>(instance, 'list', { path })
      expect({ path, seen: worked ? value : [] }).toEqual({ path, seen: [] })
    }
    expect((await ask<{ value: string[] }>(instance, 'list', { path: '/app' })).value).toEqual(['server.cjs'])
  })

  isolated('CMP-6: nothing can be written but what is temporary', patience, async () => {
    for (const path of [
      '/app/x',
      '/x',
      '/usr/x',
      '/etc/x',
      '/opt/x',
      '/opt/node',
      '/dev/x',
      '/proc/sys/kernel/core_pattern',
      '/proc/sysrq-trigger',
      '/proc/sys/vm/drop_caches',
      '/sys/fs/cgroup/x',
      '/sys/kernel/uevent_helper',
      '/proc/1/oom_score_adj',
    ])
      expect(await ask(instance, 'write', { path }), path).toMatchObject({ worked: false })
    expect(await ask(instance, 'write', { path: '/tmp/x' })).toMatchObject({ worked: true })
    const made = await ask<Attempt>(instance, 'shell', {
      command: 'mknod /tmp/disk b 8 0 || mknod /tmp/mem c 1 1',
    })
    expect(made.worked).toBe(false)
  })

  isolated('CMP-6: a full disk is its own', patience, async () => {
    for (const path of ['/tmp/full', '/dev/shm/full'])
      expect(await ask(instance, 'fill', { path, bytes: 3 * limits.diskBytes }), path).toMatchObject({
        worked: false,
      })
    await ask(instance, 'shell', { command: 'rm -f /tmp/full /dev/shm/full' })
  })

  isolated('CMP-6: other processes cannot be seen or signalled', patience, async () => {
    const { value } = await ask<{ value: string[] }>(instance, 'list', { path: '/proc' })
    expect(value.filter((entry) => /^\d+$/.test(entry)).length).toBeLessThan(8)
    expect(value).not.toContain(String(process.pid))
    expect(await ask(instance, 'shell', { command: `kill -0 ${process.pid}` })).toMatchObject({
      worked: false,
    })
  })

  isolated('CMP-6: there is no network, no name service and no socket of the host', patience, async () => {
    const host = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => host.once('listening', resolve))
    const { port } = host.address() as { port: number }
    expect(await ask(instance, 'connect', { host: '127.0.0.1', port })).toMatchObject({ worked: false })
    host.close()
    expect(await ask(instance, 'connect', { host: '1.1.1.1', port: 443 })).toMatchObject({ worked: false })
    expect(await ask(instance, 'connect', { host: '169.254.169.254', port: 80 })).toMatchObject({
      worked: false,
    })
    expect(await ask(instance, 'lookup', { name: 'example.com' })).toMatchObject({ worked: false })
    expect(await ask(instance, 'interfaces')).toEqual(['lo'])
    for (const path of [
      '/run/docker.sock',
      '/run/podman/podman.sock',
      '/var/run/dbus/system_bus_socket',
      '/run/systemd/private',
    ])
      expect(await ask(instance, 'connect', { path })).toMatchObject({ worked: false })
  })

  isolated(
    'CMP-6: the hosts that it may reach are reached through the proxy alone, and never inner ones',
    patience,
    async () => {
      const open = await isolation.start({ ...workload, egress: ['internal.localhost:443'] })
      const by = (target: string) => ask<Attempt>(open, 'tunnel', { target })
      expect(await by('example.com:443')).toMatchObject({ value: 403 })
      expect(await by('127.0.0.1:22')).toMatchObject({ value: 403 })
      // It is listed, but its address is that of this machine, or it has none.
      expect(await by('internal.localhost:443')).toMatchObject({ value: 502 })
      expect(await ask(open, 'connect', { host: '1.1.1.1', port: 443 })).toMatchObject({ worked: false })
      await open.stop()
      expect(await ask(instance, 'tunnel', { target: 'internal.localhost:443' })).toMatchObject({
        worked: false,
      })
    },
  )

  const calls: readonly (readonly [string, string])[] = [
    ['unshare of users', '272, 0x10000000'],
    ['unshare of mounts', '272, 0x00020000'],
    ['clone with a user namespace', '56, 0x10000011, 0, 0, 0, 0'],
    ['setns', '308, 0, 0'],
    ['mount', '165, 0, 0, 0, 0, 0'],
    ['pivot_root', '155, 0, 0'],
    ['chroot', '161, 0'],
    ['fsopen', '430, 0, 0'],
    ['ptrace of itself', '101, 0, 0, 0, 0'],
    ['process_vm_readv', '310, 1, 0, 0, 0, 0, 0'],
    ['keyctl', '250, 0, -3, 0, 0, 0'],
    ['add_key', '248, 0, 0, 0, 0, 0'],
    ['bpf', '321, 0, 0, 0'],
    ['io_uring_setup', '425, 1, 0'],
    ['userfaultfd', '323, 0'],
    ['perf_event_open', '298, 0, 0, -1, -1, 0'],
    ['init_module', '175, 0, 0, 0'],
    ['open_by_handle_at', '304, 0, 0, 0'],
    ['personality', '135, 0x0040000'],
    ['reboot', '169, 0, 0, 0, 0'],
    ['syslog', '103, 3, 0, 0'],
    ['a virtual socket to the machine around', '41, 40, 1, 0'],
    ['a raw packet socket', '41, 17, 3, 0'],
    ['a socket of the crypto interface', '41, 38, 5, 0'],
    ['a call that is newer than the filter', '500, 0'],
    ['a call of the x32 interface', '0x40000027'],
  ]
  test.runIf(isReal && process.arch === 'x64')(
    'CMP-6: the filter refuses what leads out',
    patience,
    async () => {
      for (const [what, call] of calls) {
        const { value } = await ask<Attempt>(instance, 'syscall', { call })
        // Podman's filter ends a process that makes calls of another interface.
        expect({ what, value }).toEqual({
          what,
          value: expect.stringMatching(/^errno (1|38|97)$|^Bad system call$/),
        })
      }
      // And lets through what everybody needs.
      for (const call of ['39', '41, 1, 1, 0', '41, 2, 1, 0'])
        expect(await ask(instance, 'syscall', { call })).toEqual({ worked: true, value: 'worked' })
      expect(await ask(instance, 'shell', { command: 'unshare -Ur true' })).toMatchObject({ worked: false })
      expect(await ask(instance, 'shell', { command: 'mount -t tmpfs x /tmp' })).toMatchObject({
        worked: false,
      })
    },
  )

  isolated('CMP-6: a bomb of processes stops at its limit, and the rest goes on', patience, async () => {
    const { count, why } = await ask<{ count: number; why: string }>(instance, 'forks')
    expect(count).toBeLessThan(limits.processes)
    expect(['EAGAIN', 'ENOMEM', 'ERR_WORKER_OUT_OF_MEMORY']).toContain(why)
    await expect.poll(() => ask(instance, 'interfaces'), { timeout: 20_000 }).toEqual(['lo'])
  })

  test('CMP-6: a bomb of memory ends the workload alone', patience, async () => {
    const victim = await isolation.start(workload)
    // Either the connection breaks or the answer is an error: its memory is gone.
    const bomb = ask(victim, 'memory', { bytes: 20 * limits.memoryBytes }).catch(() => 'broken')
    expect(await bomb).toBe('broken')
    expect(await victim.ended).toMatchObject({ reason: 'out of memory' })
    await victim.stop()
    expect(await ask(instance, 'environment')).toMatchObject({ GREETING: 'hello there' })
  })

  test('CMP-6: what was stopped is gone, also when it is asked twice', patience, async () => {
    const other = await isolation.start(workload)
    await Promise.all([other.stop(), other.stop()])
    expect(await other.ended).toEqual({ reason: 'stopped', outcome: 'was stopped' })
    await expect(ask(other, 'environment')).rejects.toThrow()
  })

  test('CMP-6: a workload that ends, or says nothing, is told with its last line', patience, async () => {
    const ends = { ...workload, command: ['node', '-e', 'console.error("no such table"); process.exit(3)'] }
    await expect(isolation.start(ends)).rejects.toMatchObject({ kind: 'WorkloadEnded' })
    if (isReal) await expect(isolation.start(ends)).rejects.toThrow(/no such table/)
    const silent = { ...workload, command: ['node', '-e', 'setInterval(() => 0, 1000)'], startMs: 1_500 }
    await expect(isolation.start(silent)).rejects.toMatchObject({ kind: 'WorkloadSilent' })
    await expect(isolation.start({ ...workload, command: ['no-such-program'] })).rejects.toMatchObject({
      kind: 'WorkloadEnded',
    })
  })

  test('CMP-6: limits and names out of range are refused before anything starts', async () => {
    const wrong: readonly Partial<Workload>[] = [
      { name: '../x' },
      { folder: 'relative' },
      { command: [] },
      { environment: { 'A=B': 'x' } },
      { egress: ['*:443'] },
      { egress: ['10.0.0.1:443'] },
      { limits: { ...limits, memoryBytes: 1 } },
      { limits: { ...limits, processes: 1e9 } },
      { limits: { ...limits, cpuMillis: 0.5 } },
    ]
    for (const change of wrong)
      await expect(isolation.start({ ...workload, ...change })).rejects.toMatchObject({
        kind: 'WorkloadInvalid',
      })
  })
}
