import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** The scripts of a page. */
export type Bundle = {
  /** Name of the script that the page starts with: a module with the exports of the entry. */
  readonly start: string
  /** Code by file name. */
  readonly scripts: ReadonlyMap<string, string>
  /** Paths of all source files that the scripts are made of. */
  readonly modules: readonly string[]
}

/**
 * Everything that a TypeScript or JavaScript entry imports, as scripts for browsers. Throws if it reaches a module that
 * no browser has: one of Node, or one that is not installed.
 */
export async function bundleForBrowser(entry: URL): Promise<Bundle> {
  const build = await rolldown({
    input: { start: fileURLToPath(entry) },
    platform: 'browser',
    // `use client` of React's packages speaks to servers that render, not to a page.
    checks: { moduleLevelDirective: false },
    // Tests import TypeScript by the name of the JavaScript that it would become.
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    onLog(level, log) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      if (level === 'warn') console.warn(log.message)
    },
  })
  try {
    const { output } = await build.generate({ format: 'esm' })
    const chunks = output.filter((file) => file.type === 'chunk')
    return {
      start: chunks.find(({ isEntry }) => isEntry)!.fileName,
      scripts: new Map(chunks.map(({ fileName, code }) => [fileName, code])),
      modules: chunks.flatMap(({ moduleIds }) => moduleIds),
    }
  } finally {
    await build.close()
  }
}
