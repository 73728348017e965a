import { BanyanError, banyanError, fail } from '@banyan/base'
import { CommanderError } from 'commander'
import type { Context } from './command-spec.js'
import { commands } from './commands.js'
import { exitCodes, exitOf } from './exit-codes.js'
import { errorDocument, errorLines } from './explain-error.js'
import { createOutput, type Output } from './output.js'
import { type Asked, createProgram } from './program.js'
import { readSettings } from './settings.js'

/** Runs the command that these words ask for. Resolves to its exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const output = createOutput(modeOf(words), words.includes('--no-color'))
  try {
    refuseSecrets(words)
    const asked = parse(words)
    return asked === undefined ? exitCodes.done : await run(asked, output)
  } catch (thrown) {
    const error = isRevert(thrown) ? (await import('@banyan/sdk')).tokenRefusal(thrown) : thrown
    if (output.mode === 'json' || output.mode === 'jsonl') output.item(errorDocument(error), '')
    for (const line of errorLines(error, output, runningOrigin)) output.talk(line)
    if (words.includes('--debug')) output.talk(error instanceof Error ? (error.stack ?? '') : String(error))
    return exitOf(error)
  }
}

function isRevert(error: unknown): boolean {
  return error instanceof BanyanError && error.kind === 'ExecutionReverted'
}

/** Where pages about errors can be read, once a command knows it. */
let runningOrigin: string | undefined
export function noteOrigin(origin: string): void {
  runningOrigin = origin
}

function modeOf(words: readonly string[]): Output['mode'] {
  if (words.includes('--jsonl')) return 'jsonl'
  if (words.includes('--json')) return 'json'
  return words.includes('--csv') ? 'csv' : 'text'
}

const secretFlag = /^--(private-?key|secret(-?key)?|seed(-?phrase)?|mnemonic|password)(=|$)/i

function refuseSecrets(words: readonly string[]): void {
  const found = words.find((word) => secretFlag.test(word))
  if (found !== undefined) fail('SecretInFlag', { flag: found.split('=')[0]! })
}

/** What is to be run; nothing if help was all that was asked for. */
function parse(words: readonly string[]): Asked | undefined {
  let asked: Asked | undefined
  const program = createProgram(commands, (found) => {
    asked = found
  })
  try {
    program.parse(asHelp(words), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw usageError(error, words)
  }
  return asked
}

/** No words, and the word help, ask for what --help shows. */
function asHelp(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words
  return first === undefined || first === 'help' ? [...rest, '--help'] : words
}

function usageError({ code, message }: CommanderError, words: readonly string[]): BanyanError {
  const command = ['banyan', ...words.filter((word) => /^[a-z]+$/.test(word)).slice(0, 2)].join(' ')
  if (code === 'commander.help')
    return banyanError('UsageWrong', { command, reason: 'a command is missing after it' })
  const suggestion = /Did you mean (?:one of )?(.+?)\?/.exec(message)?.[1]
  if (code === 'commander.unknownCommand' || code === 'commander.excessArguments') {
    const given = /unknown command '(.+?)'/.exec(message)?.[1]
    if (given !== undefined) {
      const hint = suggestion === undefined ? '' : ` Did you mean ${suggestion}?`
      return banyanError('CommandUnknown', { given, suggestion: hint })
    }
  }
  const reason = message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '')
  return banyanError('UsageWrong', { command, reason })
}

async function run({ spec, words, options }: Asked, output: Output): Promise<number> {
  const { values: settings } = await readSettings({
    flags: options,
    environment: process.env,
    project: process.cwd(),
  })
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort(banyanError('Interrupted'))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, interrupt)
  const names = spec.arguments ?? []
  const last = words.at(-1)
  const context: Context = {
    arguments: Object.fromEntries(
      names.flatMap(({ name }, i) => (typeof words[i] === 'string' ? [[name, words[i]]] : [])),
    ),
    rest: Array.isArray(last) ? (last as readonly string[]) : [],
    options,
    settings,
    output,
    signal: interruption.signal,
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true && options['input'] !== false,
  }
  const { run: runCommand } = await spec.load()
  try {
    return (await runCommand(context)) ?? exitCodes.done
  } finally {
    for (const name of signals) process.off(name, interrupt)
  }
}
