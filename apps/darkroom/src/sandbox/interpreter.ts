import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import variantModule from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core'
import { prelude } from './prelude.js'

/** What became of a script: the JSON of its value, or what it threw. */
export type Ending =
  | { readonly ok: true; readonly json: string }
  | {
      readonly ok: false
      readonly problem: 'endless' | 'memory' | 'thrown'
      readonly name: string
      readonly message: string
      readonly stack: string
    }

/** An operation, answered while the script waits: its result as JSON, or the message of its error. */
export type Answer = { readonly ok: boolean; readonly text: string }
export type Operate = (operation: string, json: string) => Answer

/** Runs one script and is then used up. */
export type Interpreter = { readonly run: (code: string, call: string, operate: Operate) => Ending }

export const memoryMiB = 64
const pagesPerMiB = 16
/** How often the interpreter looks up, every some ten thousand steps; a count and not a time, so that all agree. */
export const maxLooks = 1_000

/** Its types describe the module as CommonJS would give it. */
const variant = variantModule as unknown as QuickJSSyncVariant
const require = createRequire(import.meta.url)
const compiled = readFile(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')).then((bytes) =>
  WebAssembly.compile(bytes),
)

/** Name of the script in stacks. */
export const scriptFile = 'script'

/** Gives the script `$host`. */
function offer(context: QuickJSContext, operate: Operate): void {
  const ask = context.newFunction('$host', (operation, json) => {
    const { ok, text } = operate(context.getString(operation), context.getString(json))
    if (ok) return context.newString(text)
    return { error: context.newError({ name: 'OperationError', message: text }) }
  })
  context.setProp(context.global, '$host', ask)
  ask.dispose()
}

type Thrown = { readonly name?: unknown; readonly message?: unknown; readonly stack?: unknown }

function endingOf(thrown: unknown, isEndless: boolean): Ending {
  const isError = typeof thrown === 'object' && thrown !== null
  const { name, message, stack }: Thrown = isError ? thrown : { message: thrown }
  const problem = isEndless ? 'endless' : message === 'out of memory' ? 'memory' : 'thrown'
  const text = (value: unknown) => (value === undefined ? '' : String(value).slice(0, 2_000))
  return { ok: false, problem, name: text(name), message: text(message), stack: text(stack) }
}

/**
 * Prepares an interpreter in a WebAssembly memory of its own, whose maximum holds whatever the script does: the limit
 * of the interpreter itself lets large arrays through.
 */
export async function prepareInterpreter(): Promise<Interpreter> {
  const wasmMemory = new WebAssembly.Memory({
    initial: 16 * pagesPerMiB,
    maximum: memoryMiB * pagesPerMiB,
  })
  const module = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmModule: await compiled, wasmMemory }),
  )
  const context = module.newContext()
  let looks = 0
  context.runtime.setInterruptHandler(() => ++looks > maxLooks)
  return {
    run: (code, call, operate) => {
      offer(context, (operation, json) => {
        looks = 0
        return operate(operation, json)
      })
      let json = 'null'
      for (const [i, step] of [prelude, code, `$main(${JSON.stringify(call)})()`].entries()) {
        const result = evaluate(context, step, i === 1 ? scriptFile : 'prelude')
        if (result === undefined) return endingOf('calls are nested too deeply', false)
        if (result.error !== undefined) return endingOf(context.dump(result.error), looks > maxLooks)
        json = String(context.dump(result.value))
      }
      return { ok: true, json }
    },
  }
}

/** `undefined` if the stack of the thread did not suffice, which parts of the interpreter do not foresee. */
function evaluate(context: QuickJSContext, code: string, file: string) {
  try {
    return context.evalCode(code, file)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
