import { toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { openCentral } from '../../central.js'
import { createAccount } from '../../change/accounts.js'
import { createKey } from '../../change/credentials.js'
import { scopesOf } from '../../rules/kinds.js'
import { createVault } from '../vault.js'
import { makeFolder, openRecords, writeSecret } from './folder.js'

export type Initialised = {
  /** What regions are configured with. */
  readonly publicKey: string
  readonly admin: string
  /** File with the first admin's key. */
  readonly keyFile: string
}

/** Makes the folder of a new central: secrets, and a first admin with a key in a file. Errors: FileExists, those of `openRecords`. */
export async function initCentral(folder: string): Promise<Initialised> {
  const { pepper, seed } = await makeFolder(folder)
  const store = await openRecords(folder)
  try {
    const central = await openCentral({
      store,
      crypto: native,
      vault: await createVault(pepper),
      authorities: [],
      now: Date.now,
      writes: true,
      onFailure: () => undefined,
    })
    const { id } = await central.change('system', (context) =>
      createAccount(context, { kind: 'admin', name: 'first admin' }),
    )
    const { key } = await central.change('system', (context) =>
      createKey(context, id, scopesOf.admin, undefined),
    )
    const keyFile = await writeSecret(folder, 'admin-key', key)
    return { publicKey: toHex(native.ed25519.publicKey(seed)), admin: id, keyFile }
  } finally {
    await store.close()
  }
}
