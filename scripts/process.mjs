import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Tools of this workspace by the JavaScript file that starts them, so that no shell is involved on any system. */
export const tools = {
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  vite: join(root, 'node_modules/vite/bin/vite.js'),
}

/**
 * Runs a Node program in `folder` and resolves to its exit code. With `output: 'collect'` it prints nothing and its
 * output is returned. With `input` it reads what is typed. `binary` is a Node other than this one. After `limitMs` it is killed with all its children. A
 * signal to stop is passed on, and this process stops with it.
 */
export function runNode(
  args,
  { folder = root, env = {}, input = false, output = 'show', limitMs = 0, binary = process.execPath } = {},
) {
  const stream = output === 'collect' ? 'pipe' : 'inherit'
  const ownGroup = limitMs > 0 && process.platform !== 'win32'
  const child = spawn(binary, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: [input ? 'inherit' : 'ignore', stream, stream],
    detached: ownGroup,
  })
  const kill = (signal) => (ownGroup ? process.kill(-child.pid, signal) : child.kill(signal))
  const timer = limitMs > 0 ? setTimeout(() => kill('SIGKILL'), limitMs) : undefined
  let stopping = false
  const stop = (signal) => {
    stopping = true
    kill(signal)
  }
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, stop)

  const pieces = []
  child.stdout?.on('data', (data) => pieces.push(data))
  child.stderr?.on('data', (data) => pieces.push(data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, stop)
      if (stopping) process.exit(130)
      resolve({ code: code ?? 1, text: Buffer.concat(pieces).toString() })
    })
  })
}
