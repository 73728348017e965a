import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BanyanError, fail } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { install, type RegistryReader } from '@banyan/dservice/node'
import { z } from 'zod'
import { createKeeper, defaultLimits, type KeeperEffect, type KeeperLimits, stepKeeper } from './core.js'
import { isNewer } from './versions.js'

export type KeepOptions = {
  readonly registry: RegistryReader
  /** Public keys whose certificates are trusted. */
  readonly authorities: readonly Uint8Array[]
  /** Where versions are unpacked, and where stands which one is kept. */
  readonly folder: string
  /** Version of the program that is installed here, and the command that starts it. */
  readonly installed: { readonly version: string; readonly command: readonly string[] }
  /** Follows each command; it names files by their whole paths. */
  readonly words: readonly string[]
  readonly limits?: KeeperLimits
  readonly print: (line: string) => void
}

export type Kept = {
  /** Code with which the program is to end. */
  readonly ended: Promise<number>
  readonly end: () => void
}

/** Name of the program in registries. */
const programName = 'banyan-miner'
/** What a program tells its keeper once it is connected to a region. */
export const connectedMessage = 'connected'
const tickMs = 500
/** Work under way gets this long, and then some. */
const stopMs = 40_000

const stateForm = z.strictObject({
  kept: z.string(),
  /** How it is started: it was checked when it was unpacked, and runs while no registry can be reached. */
  start: z.strictObject({ command: z.array(z.string()).min(1), cwd: z.string() }),
  bad: z.array(z.string()).max(1_000),
})
type State = z.output<typeof stateForm>

/** Runs the program and keeps it at the newest signed version that works. Errors: FileInvalid, DiskFailed. */
export async function keepProgram(options: KeepOptions): Promise<Kept> {
  const { registry, authorities, folder, installed, words, print } = options
  const file = join(folder, 'program.json')
  const saved = await readState(file)
  const isSavedNewer = saved !== undefined && isNewer(saved.kept, installed.version)
  const keeper = createKeeper(
    options.limits ?? defaultLimits,
    isSavedNewer ? saved.kept : installed.version,
    saved?.bad ?? [],
  )
  const starts = new Map<string, State['start']>([
    [installed.version, { command: [...installed.command], cwd: process.cwd() }],
  ])
  if (isSavedNewer) starts.set(saved.kept, saved.start)
  let child: ChildProcess | undefined
  let saving: Promise<void> = Promise.resolve()
  let resolveEnded: (code: number) => void
  const ended = new Promise<number>((resolve) => {
    resolveEnded = resolve
  })

  async function fetch(version: string): Promise<void> {
    const { manifest, folder: cwd } = await install(
      native,
      registry,
      join(folder, 'versions'),
      { name: programName, version },
      authorities,
    )
    const [first = '', ...rest] = manifest.command
    starts.set(version, { command: [first === 'node' ? process.execPath : first, ...rest], cwd })
  }

  const step = (event: Parameters<typeof stepKeeper>[1]): void => {
    for (const effect of stepKeeper(keeper, event, performance.now())) perform(effect)
  }

  function perform(effect: KeeperEffect): void {
    switch (effect.kind) {
      case 'look':
        registry.list().then(
          (found) =>
            step({
              kind: 'found',
              versions: found.filter(({ name }) => name === programName).map(({ version }) => version),
            }),
          (error: unknown) => print(`newer versions could not be looked for: ${textOf(error)}`),
        )
        break
      case 'install':
        fetch(effect.version).then(
          () => step({ kind: 'installed', version: effect.version, isGood: true }),
          (error: unknown) => {
            print(`version ${effect.version} is not used: ${textOf(error)}`)
            step({ kind: 'installed', version: effect.version, isGood: false })
          },
        )
        break
      case 'run':
        child = launch(effect.version)
        break
      case 'stop':
        stop(effect.atOnce)
        break
      case 'save': {
        const state = { kept: keeper.kept, start: starts.get(keeper.kept)!, bad: [...keeper.bad] }
        saving = saving.then(() => save(file, state)).catch((error: unknown) => print(textOf(error)))
        break
      }
      case 'tell':
        print(effect.text)
        break
      case 'ended':
        clearInterval(timer)
        void saving.then(() => resolveEnded(effect.code))
    }
  }

  function launch(version: string): ChildProcess {
    const { command, cwd } = starts.get(version)!
    const [program = '', ...rest] = command
    const own = spawn(program, [...rest, ...words], { cwd, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    own.on('message', (message) => {
      if (message === connectedMessage && child === own) step({ kind: 'connected' })
    })
    own.on('error', (error) => print(error.message))
    own.on('close', (code) => {
      child = undefined
      step({ kind: 'exited', code: code ?? 1 })
    })
    return own
  }

  function stop(atOnce: boolean): void {
    const own = child
    own?.kill(atOnce ? 'SIGKILL' : 'SIGTERM')
    if (!atOnce) setTimeout(() => child === own && own?.kill('SIGKILL'), stopMs).unref()
  }

  const timer = setInterval(() => step({ kind: 'tick' }), tickMs)
  step({ kind: 'begin' })
  return { ended, end: () => step({ kind: 'end' }) }
}

async function readState(file: string): Promise<State | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return stateForm.parse(JSON.parse(text))
  } catch (error) {
    return fail('FileInvalid', { path: file, reason: 'it is no list of versions' }, error)
  }
}

async function save(file: string, state: State): Promise<void> {
  try {
    await writeFile(`${file}.new`, JSON.stringify(state), { flush: true })
    await rename(`${file}.new`, file)
  } catch (error) {
    fail('DiskFailed', { operation: 'write', path: file }, error)
  }
}

function textOf(error: unknown): string {
  return error instanceof BanyanError ? `${error.message} (${error.code})` : String(error)
}
