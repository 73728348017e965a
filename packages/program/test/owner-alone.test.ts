import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BanyanError } from '@banyan/base'
import { requireOwnerAlone } from '@banyan/program'
import { expect, test } from 'vitest'

test.skipIf(process.platform === 'win32')(
  'QLT-9: a secret is read only where no bit of its mode is for others',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'banyan-owner-'))
    const path = join(folder, 'secret.key')
    await writeFile(path, 'secret')
    const refused: string[] = []
    for (let mode = 0o400; mode <= 0o777; mode++) {
      await chmod(path, mode)
      try {
        requireOwnerAlone(path, (await stat(path)).mode)
      } catch (error) {
        expect(error).toBeInstanceOf(BanyanError)
        expect(error).toMatchObject({ kind: 'KeyFileExposed' })
        refused.push(String((error as Error).message.match(/mode is (\d+)/)?.[1]))
      }
    }
    await rm(folder, { recursive: true })
    const octal = Array.from({ length: 0o400 }, (_, i) => (0o400 + i).toString(8))
    expect(refused).toEqual(octal.filter((mode) => !mode.endsWith('00')))
    expect(() => requireOwnerAlone(path, 0o100_044)).toThrow('044')
  },
)
