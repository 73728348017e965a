import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Everything that an entry imports as one script, which leaves the exports of the entry in the global variable `name`: for
 * runtimes that take no modules. Throws if it reaches a module of Node, or one that is not installed.
 */
export async function bundleAsScript(entry: URL, name: string): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(entry),
    platform: 'browser',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    onLog(_, log) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
    },
  })
  try {
    const { output } = await build.generate({ format: 'iife', name, codeSplitting: false })
    return output[0].code
  } finally {
    await build.close()
  }
}
