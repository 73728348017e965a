import type { CommandSpec } from './command-spec.js'
import { chainCommands } from './commands/chain-specs.js'
import { dserviceCommands } from './commands/dservice-specs.js'
import { localCommands } from './commands/local-specs.js'
import { minerCommands } from './commands/miner-specs.js'
import { toolCommands } from './commands/tool-specs.js'
import { workCommands } from './commands/work-specs.js'

/** All commands, in the order in which people read them. */
export const commands: readonly CommandSpec[] = [
  ...localCommands,
  ...chainCommands,
  ...dserviceCommands,
  ...minerCommands,
  ...workCommands,
  ...toolCommands,
]
