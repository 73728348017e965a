import { type CryptoProvider, portable } from '@banyan/crypto'
import type { ProviderName } from './messages.js'

/** Error: NativeUnavailable. */
export async function loadProvider(name: ProviderName): Promise<CryptoProvider> {
  return name === 'portable' ? portable : (await import('@banyan/crypto/native')).native
}
