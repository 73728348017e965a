import { fail } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { CentralEvent } from '../events.js'
import type { Account } from '../records.js'
import type { CentralState } from '../state.js'
import type { Vault } from '../vault.js'

/** What a command decides from: nothing else. */
export type Context = {
  readonly state: CentralState
  readonly vault: Vault
  readonly crypto: Pick<CryptoProvider, 'sha256' | 'ed25519'>
  /** Public keys of those who certify DServices, 32 bytes each. */
  readonly authorities: readonly Uint8Array[]
  readonly now: number
}

/** What a command does, and what its caller is told when that is durable. */
export type Change<Result> = { readonly events: readonly CentralEvent[]; readonly result: Result }

/** Error: CentralAccountUnknown. */
export function accountOf({ state }: Pick<Context, 'state'>, id: string): Account {
  return state.accounts.get(id) ?? fail('CentralAccountUnknown', { account: id })
}
