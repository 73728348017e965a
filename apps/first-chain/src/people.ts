import { type Address, utf8 } from '@banyan/base'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'

export type Person = { readonly name: string; readonly secret: Uint8Array; readonly address: Address }

/** Development key: anybody can compute it from the name. Never send anything of value to it. */
function developmentKey(name: string): Uint8Array {
  return provider.sha256(utf8(`development key of ${name}`))
}

function nativePerson(name: string): Person {
  const secret = developmentKey(name)
  return { name, secret, address: ed25519Address(provider, provider.ed25519.publicKey(secret)) }
}

function walletPerson(name: string): Person {
  const secret = developmentKey(name)
  return { name, secret, address: secp256k1Address(provider, provider.secp256k1.publicKey(secret)) }
}

export const mira = nativePerson('Mira')
export const otto = nativePerson('Otto')
export const ines = nativePerson('Ines')
export const jun = nativePerson('Jun')
/** Uses an Ethereum wallet. */
export const hana = walletPerson('Hana')
/** Proposes the blocks and receives tips. */
export const theo = nativePerson('Theo')

export const everybody: readonly Person[] = [mira, otto, ines, jun, hana, theo]
