import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The processes of the benchmark. */

export type RegionProcess = {
  readonly ports: { readonly work: number; readonly miners: number; readonly status: number }
  readonly use: () => Promise<{ readonly cpuMicros: number; readonly rss: number }>
  readonly end: () => void
}

const start = (file: string, ...args: readonly string[]): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), [...args])

export async function startRegion(): Promise<RegionProcess> {
  const child = start('./region.js')
  const [ports] = (await once(child, 'message')) as [RegionProcess['ports']]
  return {
    ports,
    use: async () => {
      child.send('use')
      const [use] = (await once(child, 'message')) as [{ cpuMicros: number; rss: number }]
      return use
    },
    end: () => child.disconnect(),
  }
}

export type MinerProcess = { readonly port: number; readonly kill: () => void; readonly end: () => void }

export async function startMiner(region: RegionProcess, name: string): Promise<MinerProcess> {
  const child = start('./miner.js', `ws://127.0.0.1:${region.ports.miners}`, name)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { port, kill: () => child.kill('SIGKILL'), end: () => child.connected && child.disconnect() }
}

/** A proxy of others in front of the same service; undefined where it is not installed. */
export type ProxyProcess = {
  readonly port: number
  readonly cpuMicros: () => number
  readonly end: () => void
}

const proxyPort = 18_911

const configurations = {
  haproxy: (service: number) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend front
  bind 127.0.0.1:${proxyPort}
  default_backend back
backend back
  server one 127.0.0.1:${service}
`,
  nginx: (service: number, folder: string) => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  upstream back { server 127.0.0.1:${service}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${proxyPort}; keepalive_requests 1000000;
    location / { proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
} as const

export async function startProxy(
  name: keyof typeof configurations,
  service: number,
): Promise<ProxyProcess | undefined> {
  if (spawnSync(name, ['-v']).error !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'banyan-bench-proxy-'))
  const file = join(folder, 'config')
  writeFileSync(file, configurations[name](service, folder))
  const args = name === 'haproxy' ? ['-q', '-f', file] : ['-c', file, '-p', folder]
  const child = spawn(name, args, { stdio: 'ignore' })
  await listening(proxyPort)
  return {
    port: proxyPort,
    cpuMicros: () => familyCpu(child.pid!),
    end: () => {
      child.kill('SIGTERM')
      rmSync(folder, { recursive: true })
    },
  }
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    })
    socket.destroy()
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** CPU time of a process and its children, from Linux's accounting in ticks of 10 ms. */
function familyCpu(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  const own = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  const ticks = Number(own[11]) + Number(own[12])
  return ticks * 10_000 + children.reduce((sum, child) => sum + familyCpu(Number(child)), 0)
}
