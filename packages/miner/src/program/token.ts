import { readFile, stat } from 'node:fs/promises'
import { fail } from '@banyan/base'
import { requireOwnerAlone } from '@banyan/program'

/** The token in a file that nobody else may read. Errors: MinerTokenMissing, KeyFileExposed. */
export async function readToken(path: string, region: string): Promise<string> {
  const { mode } = await stat(path).catch(() => fail('MinerTokenMissing', { region }))
  requireOwnerAlone(path, mode)
  const token = (await readFile(path, 'utf8')).trim()
  if (token === '' || /\s/.test(token)) fail('MinerTokenMissing', { region })
  return token
}
