import { type Address, asAddress, formatAmount, type Hash, toHex, utf8 } from '@banyan/base'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import type { NetworkPlan } from '@banyan/node/program'

/** Who pays whom in tests: everybody can compute these keys. */

const payerCount = 8
const walletCount = 4
const payeeCount = 16
/** In pip. */
export const startBalance = 10n ** 24n

export type Person = { readonly secret: Uint8Array; readonly address: Address }

function secretOf(name: string, index: number): Hash {
  return provider.sha256(utf8(`cluster ${name} ${index}`))
}

/** They make transfers. */
export const payers: readonly Person[] = Array.from({ length: payerCount }, (_, i) => {
  const secret = secretOf('payer', i)
  return { secret, address: ed25519Address(provider, provider.ed25519.publicKey(secret)) }
})

/** They make Ethereum transactions. */
export const wallets: readonly Person[] = Array.from({ length: walletCount }, (_, i) => {
  const secret = secretOf('wallet', i)
  return { secret, address: secp256k1Address(provider, provider.secp256k1.publicKey(secret)) }
})

/** They start with nothing and never pay. */
export const payees: readonly Address[] = Array.from({ length: payeeCount }, (_, i) =>
  asAddress(secretOf('payee', i).slice(0, 20)),
)

export const fundedAccounts: NetworkPlan['accounts'] = [...payers, ...wallets].map(({ address }) => ({
  address: toHex(address),
  balance: formatAmount(startBalance),
}))
