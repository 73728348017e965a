import type { Address } from '@banyan/base'
import type { AccessKey } from './access-key.js'
import type { CallContext, KeyContext } from './context.js'

/** A transaction of an account with a policy, as its signers want it. */
export type AuthorizeRequest = {
  readonly account: Address
  /** Addresses whose signatures were verified, without repetition. */
  readonly signers: readonly Address[]
  readonly calls: readonly { readonly to: Address; readonly value: bigint; readonly data: Uint8Array }[]
  /** Most that the account itself pays as fee, in pip; 0 if a sponsor pays. */
  readonly maxFee: bigint
}

/** Host features by versioned name. A contract that offers one is found by it, not by its address. */
export type Interfaces = {
  /**
   * Whether the signers may act for an account with `accountFlags.policy`: `undefined` if so, else the reason why not.
   * May write (a session key's spending); the writes stay even if the calls fail.
   */
  readonly 'authorize/1': {
    readonly run: (context: CallContext, request: AuthorizeRequest) => string | undefined
    readonly keys: (context: KeyContext, request: AuthorizeRequest) => readonly AccessKey[]
  }
}

export type InterfaceName = keyof Interfaces
