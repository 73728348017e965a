import type { Hash as Digest } from '@banyan/base'
import type { Signature } from '@banyan/ledger/transactions'
import type { Address } from '../hex.js'
import type { Options } from '../http.js'

/** A key that signs ids of transactions: a local key or a passkey. */
export type KeyAccount = {
  readonly kind: 'ed25519' | 'secp256k1' | 'passkey'
  readonly address: Address
  /** ed25519: 32 bytes; else the point `x ‖ y`, 64 bytes. */
  readonly publicKey: Uint8Array
  /** Most bytes that its signature and key take: fees are reckoned before there is a signature. */
  readonly signatureBytes: number
  /** Signs 32 bytes. Error: ConfirmationRefused. */
  readonly sign: (digest: Digest, options?: Options) => Promise<Signature>
}

/** A passkey: where it is found again. */
export type PasskeyAccount = KeyAccount & {
  readonly kind: 'passkey'
  /** Id of the credential, in base64url. */
  readonly credentialId: string
}

/** A wallet of Ethereum in this browser, which signs and sends transactions of Ethereum's types itself. */
export type WalletAccount = {
  readonly kind: 'wallet'
  readonly address: Address
  readonly provider: WalletProvider
}

/** EIP-1193. */
export type WalletProvider = {
  readonly request: (args: {
    readonly method: string
    readonly params?: readonly unknown[]
  }) => Promise<unknown>
}

export type Account = KeyAccount | PasskeyAccount | WalletAccount
