import { banyanError, fail } from '@banyan/base'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { type Options, Parser, type Pattern, type Program } from 'acorn'
import MagicString from 'magic-string'
import { type NamedArgument, namedArguments } from './named-arguments.js'

/** A place in a script as people count: both begin at 1. */
export type Position = { readonly line: number; readonly column: number }

/** A script as plain ECMAScript. */
export type Translation = {
  readonly code: string
  /** Parameters of `main` in their order; `undefined` where one is a pattern or takes the rest. */
  readonly parameters: readonly (string | undefined)[]
  /** It asks for parameters itself, so that any name may be given. */
  readonly readsRequest: boolean
  /** Where a place of `code` was in the script. */
  readonly original: (place: Position) => Position
}

/** Characters of a script; more than that is data. */
export const maxScriptLength = 200_000

const options: Options = { ecmaVersion: 2023, sourceType: 'script' }

type SyntaxProblem = {
  readonly message: string
  readonly loc: { readonly line: number; readonly column: number }
}

function parse(name: string, text: string, found: NamedArgument[][]): Program {
  try {
    return Parser.extend(namedArguments(found)).parse(text, options)
  } catch (error) {
    const { message, loc } = error as SyntaxProblem
    if (loc === undefined) throw error
    const reason = message.replace(/ \(\d+:\d+\)$/, '')
    throw banyanError('ScriptInvalid', { script: name, line: loc.line, column: loc.column + 1, reason })
  }
}

/** Writes the named arguments of each call as one last object that the built-in functions recognise. */
function rewrite(text: string, calls: readonly (readonly NamedArgument[])[]): MagicString {
  const target = new MagicString(text)
  for (const named of calls) {
    for (const [i, { name, start, valueStart, end }] of named.entries()) {
      // A computed name, because `__proto__: value` would not be a property.
      target.update(start, valueStart, `${i === 0 ? '$named({' : ''}["${name}"]:`)
      if (i === named.length - 1) target.appendLeft(end, '})')
    }
  }
  return target
}

function mainOf(program: Program): readonly Pattern[] | undefined {
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration' && statement.id.name === 'main') return statement.params
  }
  return undefined
}

function parameterName(pattern: Pattern): string | undefined {
  const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern
  return target.type === 'Identifier' ? target.name : undefined
}

/**
 * Translates a script of the dialect, ECMAScript with `name @ value` in calls. It must declare `main`.
 *
 * Errors: ScriptInvalid with line and column.
 */
export function translate(name: string, text: string): Translation {
  const invalid = (reason: string) => ({ script: name, line: 1, column: 1, reason })
  if (text.length > maxScriptLength)
    fail('ScriptInvalid', invalid(`it is longer than ${maxScriptLength} characters`))
  const calls: NamedArgument[][] = []
  const program = parse(name, text, calls)
  const parameters = mainOf(program)
  if (parameters === undefined) fail('ScriptInvalid', invalid('it declares no function main'))
  const target = rewrite(text, calls)
  const map = new TraceMap(target.generateMap({ hires: true, source: name }).toString())
  return {
    code: target.toString(),
    parameters: parameters.map(parameterName),
    readsRequest: /\brequest\b/.test(text),
    original: ({ line, column }) => {
      const place = originalPositionFor(map, { line, column: column - 1 })
      return place.line === null ? { line, column } : { line: place.line, column: place.column + 1 }
    },
  }
}
