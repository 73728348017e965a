import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { banyanError } from '@banyan/base'

const program = fileURLToPath(new URL('./relay.js', import.meta.url))

/** User of workloads and relays where this runs as root: `nobody`, as all systems number it. */
export const nobody = 65_534

export type Relay = { readonly close: () => Promise<void> }

/**
 * Opens a Unix socket on this side that leads to a port of 127.0.0.1 in the network namespace of process `id`.
 * With `egress`, a port inside leads to that socket outside. Error: IsolationUnusable.
 */
export async function openRelay(
  id: number,
  socketPath: string,
  port: number,
  driver: string,
  egress: { readonly socketPath: string; readonly port: number } | undefined,
): Promise<Relay> {
  const isRoot = process.getuid?.() === 0
  const enter = isRoot ? ['--net'] : ['--user', '--preserve-credentials', '--net']
  const argumentList = [
    ...['--target', String(id), ...enter, '--', process.execPath],
    ...['--max-old-space-size=32', '--max-semi-space-size=1', program, socketPath, String(port)],
    String(nobody),
    ...(egress === undefined ? [] : [egress.socketPath, String(egress.port)]),
  ]
  const child = spawn('nsenter', argumentList, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  })
  try {
    await firstLine(child)
  } catch (error) {
    child.kill('SIGKILL')
    const reason = `nsenter failed: ${error instanceof Error ? error.message : String(error)}`
    throw banyanError('IsolationUnusable', { driver, reason }, error)
  }
  return {
    close: async () => {
      const closed =
        child.exitCode === null ? new Promise((resolve) => child.once('close', resolve)) : undefined
      child.kill('SIGKILL')
      await closed
      await rm(socketPath, { force: true })
    },
  }
}

async function firstLine(child: ChildProcess): Promise<void> {
  let complaint = ''
  child.stderr?.on('data', (part: Buffer) => {
    complaint = (complaint + part.toString()).slice(-500)
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('error', reject)
    child.once('close', (code) =>
      reject(
        banyanError('WorkloadEnded', {
          name: 'relay',
          outcome: `ended with code ${code}: ${complaint.trim()}`,
        }),
      ),
    )
  })
}
