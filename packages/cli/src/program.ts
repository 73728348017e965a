import { Argument, Command, Option } from 'commander'
import type { CommandSpec, OptionSpec } from './command-spec.js'
import { type ExitName, exitCodes, exitMeanings } from './exit-codes.js'
import { type SettingName, settingDefault, settingsForm, variableOf } from './settings.js'

/** What a parsed command line asks for. */
export type Asked = {
  readonly spec: CommandSpec
  readonly words: readonly (string | readonly string[] | undefined)[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** Options of every command. */
export const everywhere: readonly OptionSpec[] = [
  { name: 'json', description: 'The result as one JSON document on standard output' },
  { name: 'no-color', description: 'No colours, as with NO_COLOR=1' },
  { name: 'no-input', description: 'Never ask; fail where an answer is missing' },
  { name: 'debug', description: 'Show the stack of an error' },
]
const jsonLines: OptionSpec = { name: 'jsonl', description: 'Results as lines of JSON, as they come' }

/** All options of a command: its own, its settings, and those of every command. */
export function optionsOf(spec: CommandSpec): readonly OptionSpec[] {
  return [
    ...(spec.options ?? []),
    ...spec.settings.map(settingOption),
    ...(spec.isStream === true ? [jsonLines] : []),
    ...everywhere,
  ]
}

/** What settings.ts notes of each; `off` is of those that a flag turns off. */
type SettingMeta = { readonly description?: string; readonly value?: string; readonly off?: string }

function settingOption(name: SettingName): OptionSpec {
  const shape = settingsForm.shape[name]
  const { description = '', value, off = '' } = (shape.meta() ?? {}) as SettingMeta
  const data = settingDefault(name)
  if (data === true) return { name: `no-${name}`, description: `${off} (${variableOf(name)}=false)` }
  if (data === false) return { name, description: `${description} (${variableOf(name)})` }
  return {
    name,
    value: value ?? 'text',
    description: `${description} (${variableOf(name)})`,
    ...(data === undefined ? {} : { fallback: String(data) }),
  }
}

/** The parser for these commands. `onAsked` gets what is to be run. */
export function createProgram(specs: readonly CommandSpec[], onAsked: (asked: Asked) => void): Command {
  const program = new Command('banyan')
    .description('A whole network on this machine, and what one does with it.')
    .option('-V, --version', 'Show the version')
    .addHelpText('before', '  banyan up\n  banyan transfer 12.5 Otto --account Mira\n')
    .addHelpText('after', `\n${exitTable()}`)
  configure(program)
  for (const spec of specs) addCommand(program, spec, onAsked)
  return program
}

function configure(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .helpOption('-h, --help', 'Show this')
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (found) => [found.name(), ...found.registeredArguments.map(termOf)].join(' '),
    })
    .showHelpAfterError(false)
}

const termOf = (argument: Argument): string =>
  argument.required ? `<${argument.name()}>` : `[${argument.name()}]`

function addCommand(program: Command, spec: CommandSpec, onAsked: (asked: Asked) => void): void {
  let parent = program
  for (const word of spec.words.slice(0, -1)) parent = groupOf(parent, word, spec.group)
  const command = parent.command(spec.words.at(-1)!).description(spec.summary).helpGroup(`${spec.group}:`)
  configure(command)
  command.addHelpText('before', `${spec.examples.map((example) => `  ${example}`).join('\n')}\n`)
  for (const { name, description, isOptional, isVariadic, choices } of spec.arguments ?? []) {
    const form = `${name}${isVariadic === true ? '...' : ''}`
    const argument = new Argument(isOptional === true ? `[${form}]` : `<${form}>`, description)
    command.addArgument(choices === undefined ? argument : argument.choices([...choices]))
  }
  for (const { name, value, description, choices, fallback } of optionsOf(spec)) {
    const option = new Option(
      value === undefined ? `--${name}` : `--${name} <${value}>`,
      textOf(description, fallback),
    )
    command.addOption(choices === undefined ? option : option.choices([...choices]))
  }
  command.action((...given: unknown[]) => {
    const words = given.slice(0, -2) as Asked['words']
    onAsked({ spec, words, options: given.at(-2) as Asked['options'] })
  })
}

function textOf(description: string, fallback: string | undefined): string {
  return fallback === undefined ? description : `${description} [${fallback}]`
}

const groupSummaries: Readonly<Record<string, string>> = {
  account: 'Accounts: create, list, show, history',
  token: 'Tokens: create, mint, transfer, list, show',
  snapshot: 'Copies of the local network: save, load, list',
  dservice: 'DServices: create, dev, package, sign, publish',
  miner: 'Machines that are lent: join, list',
  work: 'Requests to DServices: list, show',
  config: 'Settings: explain',
}

function groupOf(parent: Command, word: string, group: string): Command {
  const found = parent.commands.find((command) => command.name() === word)
  if (found !== undefined) return found
  const added = parent
    .command(word)
    .description(groupSummaries[word] ?? '')
    .helpGroup(`${group}:`)
  configure(added)
  return added
}

function exitTable(): string {
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padEnd(5)}${exitMeanings[name as ExitName]}`,
  )
  return `Exit codes:\n${rows.join('\n')}`
}
