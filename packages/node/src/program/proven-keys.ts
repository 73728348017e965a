import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { concatBytes, fail, toHex } from '@banyan/base'
import { verifyPossession } from '@banyan/consensus'
import { native as provider } from '@banyan/crypto/native'

/** A BLS key with what shows that its owner knows its secret. */
type ShownKey = { readonly blsKey: Uint8Array; readonly possession: Uint8Array }

const fileName = 'proven-keys'

/** Refuses keys that are not shown to be their owner's. It takes an eighth of a second for each. Error: GenesisInvalid. */
export function provePossessions(keys: readonly ShownKey[]): void {
  for (const [i, { blsKey, possession }] of keys.entries()) {
    if (!verifyPossession(provider, blsKey, possession)) {
      fail('GenesisInvalid', { reason: `the BLS key of validator ${i} is not shown to be its own` })
    }
  }
}

/** The same, but only once for these keys and this folder of a node's data, which remembers it. Error: GenesisInvalid. */
export async function provePossessionsOnce(folder: string, keys: readonly ShownKey[]): Promise<void> {
  const stored = await readFile(join(folder, fileName), 'utf8').catch(() => undefined)
  if (stored === contentFor(keys)) return
  provePossessions(keys)
  await notePossessions(folder, keys)
}

/** Lets a folder remember that these keys were proven. If that is lost, they are proven again. */
export async function notePossessions(folder: string, keys: readonly ShownKey[]): Promise<void> {
  await writeFile(join(folder, fileName), contentFor(keys)).catch(() => undefined)
}

function contentFor(keys: readonly ShownKey[]): string {
  return `${toHex(provider.sha256(concatBytes(...keys.flatMap(({ blsKey, possession }) => [blsKey, possession]))))}\n`
}
