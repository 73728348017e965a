import type { Context } from '../command-spec.js'
import { runScript } from '../workspace-command.js'

/** A list of benchmarks is text; what one measures can be a document. */
export function run(context: Context): Promise<number> {
  return runScript(context, 'bench', { makesDocument: context.rest.length > 0 })
}
