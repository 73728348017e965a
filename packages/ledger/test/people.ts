import { asAddress, asAssetId } from '@banyan/base'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'

/** Keys are numbers; the small chain has accounts for some of them. */

export const provider = native
export const seedOf = (key: number): Uint8Array => new Uint8Array(32).fill(key)
export const addressOf = (key: number) => ed25519Address(native, native.ed25519.publicKey(seedOf(key)))
export const ethereumAddress = (key: number) =>
  secp256k1Address(native, native.secp256k1.publicKey(seedOf(key)))
export const filled = (byte: number) => asAddress(new Uint8Array(20).fill(byte))
export const proposer = filled(0xee)

/** Keys of accounts: alice is number 1 in the state, bob 2, carol (who delegates to alice) 3, guarded 4. */
export const alice = 1
export const bob = 2
export const carol = 3
export const guarded = 4
export const poor = 5
/** Key of an account of Ethereum's kind. */
export const wallet = 6
/** No account has this key. */
export const stranger = 7
/** Assets: usable, and paused. */
export const usable = asAssetId(1)
export const paused = asAssetId(2)

export const oneFig = 10n ** 18n
