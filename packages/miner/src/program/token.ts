import { readFile, stat } from 'node:fs/promises'
import { fail } from '@banyan/base'

/** The token in a file that nobody else may read. Errors: MinerTokenMissing, KeyFileExposed. */
export async function readToken(path: string, region: string): Promise<string> {
  const found = await stat(path).catch(() => fail('MinerTokenMissing', { region }))
  // Windows has no such modes.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    fail('KeyFileExposed', { path, mode: (found.mode & 0o777).toString(8) })
  const token = (await readFile(path, 'utf8')).trim()
  if (token === '' || /\s/.test(token)) fail('MinerTokenMissing', { region })
  return token
}
