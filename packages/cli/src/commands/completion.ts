import type { Context } from '../command-spec.js'
import { commands } from '../commands.js'
import { completionScript, type Shell } from '../completion.js'

export async function run({ arguments: { shell }, output }: Context): Promise<undefined> {
  const script = completionScript(shell as Shell, commands)
  output.result({ shell, script }, [script])
}
