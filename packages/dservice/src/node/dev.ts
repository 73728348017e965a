import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, watch } from 'node:fs'
import { request as ask } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Manifest } from '../manifest.js'
import { build } from './build.js'
import { type LoggedRequest, serveRequests } from './dev-proxy.js'
import { readManifestOf } from './folder.js'

export type DevOptions = {
  readonly folder: string
  /** 0 for any. */
  readonly port: number
  readonly onRequest: (request: LoggedRequest) => void
  /** What the DService, its build and the kit have to say. */
  readonly print: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * Runs a DService from its folder as a plain process, starts it anew when a file changes, and logs its requests.
 * Resolves to its address once it serves; it ends with the signal. Errors: ManifestInvalid, BuildFailed, ListenFailed.
 */
export async function runDev({ folder, port, onRequest, print, signal }: DevOptions): Promise<string> {
  let child: ChildProcess | undefined
  let ready: Promise<number> = Promise.reject()
  ready.catch(() => undefined)
  const restart = async (): Promise<number> => {
    await end(child)
    const manifest = await readManifestOf(folder)
    await build(folder, manifest, print)
    const inner = await freePort()
    if (signal.aborted) return inner
    child = start(folder, manifest, inner, print)
    await waitUntilWell(child, inner, manifest)
    return inner
  }
  ready = restart()
  const first = await ready.then(() => readManifestOf(folder))

  const proxy = await serveRequests(port, () => ready, onRequest)
  let timer: NodeJS.Timeout | undefined
  const stopWatching = watchSources(folder, first, (changed) => {
    clearTimeout(timer)
    // Editors write a file in several steps.
    timer = setTimeout(() => {
      print(`${changed} has changed: starting anew`)
      ready = ready.catch(() => 0).then(restart)
      ready.catch((error: unknown) => print(error instanceof Error ? error.message : String(error)))
    }, 100)
  })
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    stopWatching()
    proxy.close()
    void end(child)
  })
  return proxy.address
}

/** Calls back with what has changed in a folder, but for what tools and the build make. Gives what ends it. */
function watchSources(
  folder: string,
  { build: command, files }: Manifest,
  onChange: (changed: string) => void,
): () => void {
  const made = new Set(['node_modules', '.git', ...(command === undefined ? [] : files)])
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !made.has(entry.name))
    .map(({ name }) => name)
  const watchers = [
    watch(folder, (_, name) => name !== null && !made.has(name) && onChange(name)),
    ...folders.map((top) =>
      watch(join(folder, top), { recursive: true }, (_, name) => onChange(join(top, name ?? ''))),
    ),
  ]
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}

function start(
  folder: string,
  { command }: Manifest,
  port: number,
  print: (line: string) => void,
): ChildProcess {
  const [program = '', ...rest] = command
  const child = spawn(program === 'node' ? process.execPath : program, rest, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', print)
  child.once('error', (error) => print(`it could not be started: ${error.message}`))
  return child
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 2_000)
  await ended
  clearTimeout(force)
}

const startPatience = 15_000

/** Resolves when the health path answers, when the process has ended, or when patience is over: requests then say the rest. */
async function waitUntilWell(child: ChildProcess, port: number, { health }: Manifest): Promise<void> {
  const deadline = Date.now() + startPatience
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const status = await new Promise<number>((resolve) => {
      const asked = ask({ host: '127.0.0.1', port, path: health, timeout: 1_000 }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.once('error', () => resolve(0))
      asked.once('timeout', () => asked.destroy())
      asked.end()
    })
    if (status === 200) return
    await pause(50)
  }
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
