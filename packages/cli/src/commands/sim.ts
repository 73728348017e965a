import type { Context } from '../command-spec.js'
import { runScript } from '../workspace-command.js'

export function run(context: Context): Promise<number> {
  return runScript(context, 'sim', { makesDocument: false })
}
