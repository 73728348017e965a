import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Tools of this workspace by the JavaScript file that starts them, so that no shell is involved on any system. */
export const tools = {
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
  biome: 'node_modules/@biomejs/biome/bin/biome',
}

/**
 * Runs a Node program in `folder` and resolves to its exit code. Signals that reach this process are passed on, so
 * that nothing is left behind. With `output: 'collect'` the program prints nothing and its output is returned.
 */
export function runNode(args, { folder = root, env = {}, output = 'show', limitMs = 0 } = {}) {
  const collect = output === 'collect'
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', collect ? 'pipe' : 'inherit', collect ? 'pipe' : 'inherit'],
  })
  const pass = (signal) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass)
  const timer = limitMs > 0 ? setTimeout(() => child.kill('SIGKILL'), limitMs) : undefined

  const pieces = []
  child.stdout?.on('data', (data) => pieces.push(data))
  child.stderr?.on('data', (data) => pieces.push(data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, pass)
      resolve({ code: code ?? 1, signal, text: Buffer.concat(pieces).toString() })
    })
  })
}
