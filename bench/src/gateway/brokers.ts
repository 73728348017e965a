import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A broker of MQTT in a process of its own. */
export type Broker = {
  readonly name: string
  readonly port: number
  /** CPU time that it has used, µs. */
  readonly cpuMicros: () => number
  /** Bytes of memory that it holds. */
  readonly memory: () => number
  readonly end: () => Promise<void>
}

function brokerOf(name: string, port: number, child: ChildProcess, clean: () => void = () => {}): Broker {
  return {
    name,
    port,
    cpuMicros: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      // Linux counts in ticks of 10 ms.
      return (Number(fields[11]) + Number(fields[12])) * 10_000
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) * 1024,
    end: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      clean()
    },
  }
}

const program = fileURLToPath(new URL('../../../packages/gateway/bin/banyan-gateway.js', import.meta.url))

export async function startOurs(): Promise<Broker> {
  const child = spawn(process.execPath, [program, 'run', '--port', '0', '--stop-with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const { mqtt } = JSON.parse(line) as { mqtt?: string }
    if (mqtt !== undefined) return brokerOf('Banyan', Number(new URL(mqtt).port), child)
  }
  throw new Error('the gateway did not start')
}

const mosquittoPort = 18_931

/** Undefined where it is not installed. */
export async function startMosquitto(): Promise<Broker | undefined> {
  if (spawnSync('mosquitto', ['-h']).error !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'banyan-bench-mosquitto-'))
  const file = join(folder, 'configuration')
  // Bounds that drop nothing in what is measured, and no delay of small packets.
  writeFileSync(
    file,
    `listener ${mosquittoPort} 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_inflight_messages 0
set_tcp_nodelay true
log_dest none
`,
  )
  const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
  await listening(mosquittoPort)
  return brokerOf('mosquitto', mosquittoPort, child, () => rmSync(folder, { recursive: true }))
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    })
    socket.destroy()
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}
