import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/**
 * Bytes after gzip of what a page loads at its start for this code, minified: what it imports only later does not count,
 * nor do `external` packages. Imports are looked up from `near`, the URL of a file.
 */
export async function startBytes(
  code: string,
  near: string,
  external: readonly string[] = [],
): Promise<number> {
  const folder = await mkdtemp(fileURLToPath(new URL('bundle-', near)))
  try {
    const input = join(folder, 'page.js')
    await writeFile(input, code)
    const isExternal = (id: string): boolean =>
      external.some((name) => id === name || id.startsWith(`${name}/`))
    const build = await rolldown({
      input,
      platform: 'browser',
      external: isExternal,
      // For servers that render React; a bundle for a page needs them not.
      checks: { moduleLevelDirective: false },
    })
    const { output } = await build.generate({ format: 'esm', minify: true })
    await build.close()
    const chunks = output.filter((file) => file.type === 'chunk')
    const { fileName, imports } = chunks.find(({ isEntry }) => isEntry)!
    const loaded = chunks.filter((chunk) => chunk.fileName === fileName || imports.includes(chunk.fileName))
    return loaded.reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0)
  } finally {
    await rm(folder, { recursive: true })
  }
}
