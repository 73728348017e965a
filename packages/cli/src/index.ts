/** The command tree as data, for documentation and for programs. */
export type { ArgumentSpec, CommandSpec, OptionSpec } from './command-spec.js'
export { commands } from './commands.js'
export { describeCommands } from './describe.js'
export { exitCodes, exitMeanings } from './exit-codes.js'
