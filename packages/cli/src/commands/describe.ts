import type { Context } from '../command-spec.js'
import { commands } from '../commands.js'
import { describeCommands } from '../describe.js'

export async function run({ output }: Context): Promise<undefined> {
  const width = Math.max(...commands.map(({ words }) => words.join(' ').length)) + 2
  output.result(
    describeCommands(commands),
    commands.map(({ words, summary }) => `${words.join(' ').padEnd(width)}${summary}`),
  )
}
