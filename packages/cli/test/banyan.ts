import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Runs the command as a user does: a process in a folder of its own, with a home of its own. */

const program = fileURLToPath(new URL('../bin/banyan.js', import.meta.url))

export type Place = {
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  readonly remove: () => void
}

export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-cli-'))
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(BANYAN_|XDG_|NO_COLOR|FORCE_COLOR)/.test(name),
  )
  const environment = {
    ...Object.fromEntries(clean),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    // What computes takes much of a machine: only tests that are about it start it.
    BANYAN_COMPUTE: 'false',
  }
  return { folder, environment, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export type Ended = { readonly code: number | null; readonly out: string; readonly talk: string }

export type Command = {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Resolves with the first line on standard output; rejects if it ends before. */
  readonly line: Promise<string>
  readonly signal: (name: NodeJS.Signals) => void
  readonly talk: () => string
}

export function start(
  place: Place,
  words: readonly string[],
  extra: NodeJS.ProcessEnv = {},
  input = '',
): Command {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: place.folder,
    env: { ...place.environment, ...extra },
  })
  let out = ''
  let talk = ''
  child.stdin.on('error', () => undefined).end(input)
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, talk })))
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    void ended.then((end) => reject(new Error(`it ended with ${end.code}:\n${end.talk}`)))
  })
  line.catch(() => undefined)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk += text
  })
  return { pid: child.pid!, ended, line, signal: (name) => void child.kill(name), talk: () => talk }
}

/** Runs a command to its end. */
export function banyan(
  place: Place,
  words: readonly string[],
  extra: NodeJS.ProcessEnv = {},
  input = '',
): Promise<Ended> {
  return start(place, words, extra, input).ended
}

/** The result of a command that is to succeed. */
export async function json<Result>(place: Place, words: readonly string[], input = ''): Promise<Result> {
  const { code, out, talk } = await banyan(place, [...words, '--json'], {}, input)
  if (code !== 0) throw new Error(`banyan ${words.join(' ')} ended with ${code}:\n${talk}`)
  return JSON.parse(out) as Result
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to be within a minute')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
