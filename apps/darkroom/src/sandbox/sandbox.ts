import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { BanyanError, banyanError } from '@banyan/base'
import variantModule from '@jitl/quickjs-wasmfile-release-asyncify'
import {
  newQuickJSAsyncWASMModuleFromVariant,
  newVariant,
  type QuickJSAsyncContext,
  type QuickJSAsyncVariant,
  type QuickJSHandle,
} from 'quickjs-emscripten-core'
import type { Position, Translation } from '../dialect/translate.js'
import { prelude } from './prelude.js'

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

/** Runs one script and is then used up. */
export type Sandbox = { readonly run: (script: ScriptRun) => Promise<ScriptOutcome> }

const memoryMiB = 64
const pagesPerMiB = 16
/** How often the interpreter looks up, every some ten thousand steps; a count and not a time, so that all agree. */
const maxLooks = 4_000

/** Its types describe the module as CommonJS would give it. */
const variant = variantModule as unknown as QuickJSAsyncVariant
const require = createRequire(import.meta.url)
const compiled = readFile(require.resolve('@jitl/quickjs-wasmfile-release-asyncify/wasm')).then((bytes) =>
  WebAssembly.compile(bytes),
)

type Dumped = { readonly name?: string; readonly message?: string; readonly stack?: string }

/**
 * Prepares an interpreter in a WebAssembly memory of its own, whose maximum holds whatever the script does: the limit
 * of the interpreter itself lets large arrays through.
 */
export async function prepareSandbox(): Promise<Sandbox> {
  const wasmMemory = new WebAssembly.Memory({
    initial: 16 * pagesPerMiB,
    maximum: memoryMiB * pagesPerMiB,
  })
  const module = await newQuickJSAsyncWASMModuleFromVariant(
    newVariant(variant, { wasmModule: await compiled, wasmMemory }),
  )
  const context = module.newContext()
  let looks = 0
  context.runtime.setInterruptHandler(() => ++looks > maxLooks)
  return {
    run: async ({ name, translation, call, host }) => {
      let told: BanyanError | undefined
      const ask: Host = async (operation, json) => {
        looks = 0
        try {
          return await host(operation, json)
        } catch (error) {
          if (error instanceof BanyanError) told = error
          throw error
        }
      }
      offer(context, ask)
      const failed = (handle: QuickJSHandle): ScriptOutcome => {
        const dumped = context.dump(handle) as unknown
        const thrown: Dumped =
          typeof dumped === 'object' && dumped !== null ? dumped : { message: String(dumped) }
        const position = positionOf(thrown.stack ?? '', translation)
        if (looks > maxLooks)
          return failure(banyanError('ScriptEndless', { script: name, steps: maxLooks }), position)
        if (told !== undefined && thrown.message === told.message) return failure(told, position)
        return failure(scriptError(name, thrown, position), position)
      }
      const steps = [prelude, translation.code, `$main(${JSON.stringify(call)})()`]
      let value = 'null'
      for (const [i, code] of steps.entries()) {
        const result = await context.evalCodeAsync(code, i === 1 ? scriptFile : 'prelude')
        if (result.error !== undefined) return failed(result.error)
        value = String(context.dump(result.value))
      }
      return { ok: true, value: (JSON.parse(value) as { readonly value?: unknown } | null)?.value }
    },
  }
}

const scriptFile = 'script'

const failure = (error: BanyanError, position: Position | undefined): ScriptOutcome => ({
  ok: false,
  failure: { error, position },
})

/** Gives the script `$host`, which waits for the answer as if it were a plain function. */
function offer(context: QuickJSAsyncContext, host: Host): void {
  const ask = context.newAsyncifiedFunction('$host', async (operation, json) => {
    try {
      return context.newString(await host(context.getString(operation), context.getString(json)))
    } catch (error) {
      return { error: context.newError({ name: 'OperationError', message: (error as Error).message }) }
    }
  })
  context.setProp(context.global, '$host', ask)
  ask.dispose()
}

/** The innermost place of the script on a stack of the interpreter. */
function positionOf(stack: string, translation: Translation): Position | undefined {
  const place = /\bscript:(\d+):(\d+)/.exec(stack)
  if (place === null) return undefined
  return translation.original({ line: Number(place[1]), column: Number(place[2]) })
}

function scriptError(script: string, thrown: Dumped, position: Position | undefined): BanyanError {
  if (thrown.message === 'out of memory')
    return banyanError('ScriptMemoryExceeded', { script, limit: memoryMiB })
  const { line, column } = position ?? { line: 1, column: 1 }
  const kind = thrown.name === undefined || thrown.name === 'Error' ? '' : `${thrown.name}: `
  return banyanError('ScriptFailed', {
    script,
    line,
    column,
    reason: `${kind}${thrown.message ?? 'no message'}`,
  })
}
