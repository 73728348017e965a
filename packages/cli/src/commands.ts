import type { CommandSpec } from './command-spec.js'
import { localCommands } from './commands/local-specs.js'

/** All commands, in the order in which people read them. */
export const commands: readonly CommandSpec[] = [...localCommands]
