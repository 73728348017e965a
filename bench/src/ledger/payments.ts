import { asAddress, asChainId } from '@banyan/base'
import { secp256k1Address } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { encodeEthereum, signEthereum } from '@banyan/ledger'
import { createRandom } from '@banyan/testing'

/** Plain EIP-1559 payments from 200 senders to 5,000 recipients. */

const gwei = 10n ** 9n
const random = createRandom(9)

export const paymentSenders = Array.from({ length: 200 }, (_, i) => {
  const secret = new Uint8Array(32)
  new DataView(secret.buffer).setUint32(28, i + 1)
  return { secret, address: secp256k1Address(native, native.secp256k1.publicKey(secret)) }
})

export const paymentRecipients = Array.from({ length: 5_000 }, () => asAddress(random.bytes(20)))

/** Signed payments in rounds over the senders, from the given nonce on. */
export function signedPayments(chainId: bigint, count: number, firstNonce: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const { secret } = paymentSenders[i % paymentSenders.length]!
    const unsigned = {
      type: 2 as const,
      chainId: asChainId(chainId),
      nonce: BigInt(firstNonce + Math.floor(i / paymentSenders.length)),
      maxFeePerGas: 2n * gwei,
      maxPriorityFeePerGas: gwei,
      gasLimit: 21_000n,
      to: paymentRecipients[random.below(paymentRecipients.length)]!,
      value: 1_000n,
      data: new Uint8Array(0),
      accessList: [],
    }
    return encodeEthereum(signEthereum(native, unsigned, secret))
  })
}
