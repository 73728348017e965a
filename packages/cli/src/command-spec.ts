import type { ExitName } from './exit-codes.js'
import type { Output } from './output.js'
import type { Settings } from './settings.js'

/** A command as data: what help, completion, documentation and the parser are made of. Its code is loaded when it runs. */
export type CommandSpec = {
  /** Such as ["token", "create"]. */
  readonly words: readonly string[]
  readonly summary: string
  /** Under which heading help lists it. */
  readonly group: CommandGroup
  readonly examples: readonly string[]
  readonly arguments?: readonly ArgumentSpec[]
  readonly options?: readonly OptionSpec[]
  /** Settings that it reads, each of which becomes a flag. */
  readonly settings: readonly (keyof Settings)[]
  /** Exit codes besides those of every command. */
  readonly exits?: readonly ExitName[]
  /** Gives results one after the other: a line of JSON each with --jsonl. */
  readonly isStream?: boolean
  readonly load: () => Promise<{ readonly run: Run }>
}

export type CommandGroup = 'This machine' | 'The chain' | 'Computing' | 'Tools'

export type ArgumentSpec = {
  readonly name: string
  readonly description: string
  readonly isOptional?: boolean
  /** Takes all words that follow. */
  readonly isVariadic?: boolean
  readonly choices?: readonly string[]
}

export type OptionSpec = {
  /** In kebab case, without dashes. */
  readonly name: string
  /** What stands for the value; none for a switch. */
  readonly value?: string
  readonly description: string
  readonly choices?: readonly string[]
  readonly fallback?: string
}

/** What a command gets. */
export type Context = {
  readonly arguments: Readonly<Record<string, string>>
  /** Words of the variadic argument. */
  readonly rest: readonly string[]
  /** By name, in camel case. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly settings: Settings
  readonly output: Output
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Whether somebody can be asked. */
  readonly canAsk: boolean
}

/** Runs a command. Resolves to its exit code; nothing means that it did what was asked. */
export type Run = (context: Context) => Promise<number | undefined>
