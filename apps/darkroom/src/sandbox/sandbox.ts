import { MessageChannel, Worker } from 'node:worker_threads'
import { BanyanError, banyanError } from '@banyan/base'
import type { Position, Translation } from '../dialect/translate.js'
import { type Answer, type Ending, maxLooks, memoryMiB, scriptFile } from './interpreter.js'
import type { FromThread, ThreadData, ToThread } from './thread.js'

/** An operation of the script: its name and arguments as JSON; answers JSON. Registry errors reach the script. */
export type Host = (operation: string, json: string) => Promise<string>

export type ScriptRun = {
  readonly name: string
  readonly translation: Translation
  /** Arguments of `main` and the parameters of the request, as JSON. */
  readonly call: string
  readonly host: Host
}

/** An error with the place in the script where it left it. */
export type ScriptFailure = { readonly error: BanyanError; readonly position: Position | undefined }

export type ScriptOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: ScriptFailure }

/** Runs scripts one after the other, each in a fresh interpreter. */
export type Sandbox = { readonly run: (script: ScriptRun) => Promise<ScriptOutcome> }

/** For calls within calls, of the script and of its parser. */
const stackMiB = 16

/**
 * Starts a thread for scripts. It sleeps while this thread works for it, so that operations look like plain functions
 * to a script. A thread that does not end is ended with its process.
 */
export function startSandbox(): Sandbox {
  const { port1, port2 } = new MessageChannel()
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const thread = new Worker(new URL('thread.js', import.meta.url), {
    workerData: { answers: port2, signal } satisfies ThreadData,
    transferList: [port2],
    resourceLimits: { stackSizeMb: stackMiB },
  })
  const answer = (text: Answer) => {
    port1.postMessage(text)
    Atomics.store(signal, 0, 1)
    Atomics.notify(signal, 0)
  }

  const run = async (script: ScriptRun): Promise<ScriptOutcome> => {
    let told: BanyanError | undefined
    const operate = async ({ operation, json }: FromThread & { readonly kind: 'operation' }) => {
      try {
        answer({ ok: true, text: await script.host(operation, json) })
      } catch (error) {
        if (error instanceof BanyanError) told = error
        answer({ ok: false, text: (error as Error).message })
      }
    }
    const ending = await new Promise<Ending>((resolve) => {
      const receive = (message: FromThread) => {
        if (message.kind === 'operation') {
          void operate(message)
          return
        }
        thread.off('message', receive)
        resolve(message.ending)
      }
      thread.on('message', receive)
      thread.postMessage({ code: script.translation.code, call: script.call } satisfies ToThread)
    })
    return outcomeOf(ending, script, told)
  }
  return { run }
}

/** The innermost place of the script on a stack of the interpreter. */
function positionOf(stack: string, translation: Translation): Position | undefined {
  const place = new RegExp(`\\b${scriptFile}:(\\d+):(\\d+)`).exec(stack)
  if (place === null) return undefined
  return translation.original({ line: Number(place[1]), column: Number(place[2]) })
}

type Failed = Ending & { readonly ok: false }

function errorOf(ending: Failed, script: string, position: Position | undefined): BanyanError {
  if (ending.problem === 'endless') return banyanError('ScriptEndless', { script, steps: maxLooks * 10_000 })
  if (ending.problem === 'memory') return banyanError('ScriptMemoryExceeded', { script, limit: memoryMiB })
  const { line, column } = position ?? { line: 1, column: 1 }
  const { name, message } = ending
  const kind = name === '' || name === 'Error' ? '' : `${name}: `
  return banyanError('ScriptFailed', { script, line, column, reason: `${kind}${message}` })
}

function outcomeOf(ending: Ending, script: ScriptRun, told: BanyanError | undefined): ScriptOutcome {
  if (ending.ok) {
    return { ok: true, value: (JSON.parse(ending.json) as { readonly value?: unknown } | null)?.value }
  }
  const position = positionOf(ending.stack, script.translation)
  const isTold = ending.problem === 'thrown' && told !== undefined && ending.message === told.message
  return { ok: false, failure: { error: isTold ? told : errorOf(ending, script.name, position), position } }
}
