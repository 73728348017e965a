import { type Address, concatBytes, toHex, utf8 } from '@banyan/base'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'

/** Somebody on the local network whose key everybody on this machine may use. */
export type Person = {
  readonly name: string
  /** What a browser or a script signs with. */
  readonly scheme: 'ed25519' | 'secp256k1'
  readonly secret: Uint8Array
  readonly address: Address
}

type Plan = { readonly name: string; readonly scheme: Person['scheme']; readonly balance: string }

/** FIG at the beginning. Hana has an Ethereum wallet. */
const plans: readonly Plan[] = [
  { name: 'Mira', scheme: 'ed25519', balance: '250000' },
  { name: 'Otto', scheme: 'ed25519', balance: '40000' },
  { name: 'Ines', scheme: 'ed25519', balance: '12000' },
  { name: 'Jun', scheme: 'ed25519', balance: '7500' },
  { name: 'Hana', scheme: 'secp256k1', balance: '5000' },
  { name: 'Theo', scheme: 'ed25519', balance: '1200' },
]
const sponsorPlan: Plan = { name: 'Sponsor', scheme: 'ed25519', balance: '10000' }
/** Of the network of computing: who certifies DServices, who pays where the house does, and the account that settles. */
const authorityPlan: Plan = { name: 'Authority', scheme: 'ed25519', balance: '0' }
const housePlan: Plan = { name: 'House', scheme: 'ed25519', balance: '0' }
const payoutPlan: Plan = { name: 'Payout', scheme: 'ed25519', balance: '0' }
const faucetPlan: Plan = { name: 'Faucet', scheme: 'ed25519', balance: '100000000' }

function personOf(seed: Uint8Array, { name, scheme }: Plan): Person {
  const secret = provider.sha256(concatBytes(utf8('banyan development key'), seed, utf8(name)))
  const address =
    scheme === 'ed25519'
      ? ed25519Address(provider, provider.ed25519.publicKey(secret))
      : secp256k1Address(provider, provider.secp256k1.publicKey(secret))
  return { name, scheme, secret, address }
}

/** The people of the network with this seed. Their keys are worth nothing elsewhere. */
export function peopleOf(seed: Uint8Array): readonly Person[] {
  return plans.map((plan) => personOf(seed, plan))
}

/** Who gives test money away. */
export function faucetOf(seed: Uint8Array): Person {
  return personOf(seed, faucetPlan)
}

/** Who pays the fees of others. */
export function sponsorOf(seed: Uint8Array): Person {
  return personOf(seed, sponsorPlan)
}

/** Accounts of the network itself that others see in transactions. */
export function servicesOf(seed: Uint8Array): readonly Person[] {
  return [faucetPlan, housePlan, payoutPlan].map((plan) => personOf(seed, plan))
}

/** Who has a part in computing on the network with this seed. Those who hold no coins at first get some from the faucet. */
export type ComputePeople = {
  /** Pays for work. */
  readonly enterprise: Person
  readonly operator: Person
  readonly developer: Person
  /** Whose machines work. */
  readonly contributors: readonly [Person, Person]
  readonly authority: Person
  readonly house: Person
  readonly payout: Person
}

export function computePeopleOf(seed: Uint8Array): ComputePeople {
  const [enterprise, operator, developer, first, , second] = peopleOf(seed)
  return {
    enterprise: enterprise!,
    operator: operator!,
    developer: developer!,
    contributors: [first!, second!],
    authority: personOf(seed, authorityPlan),
    house: personOf(seed, housePlan),
    payout: personOf(seed, payoutPlan),
  }
}

/** As the genesis file has them. */
export function genesisAccounts(
  seed: Uint8Array,
): readonly { readonly address: string; readonly balance: string }[] {
  return [...plans, faucetPlan, sponsorPlan].map((plan) => ({
    address: toHex(personOf(seed, plan).address),
    balance: plan.balance,
  }))
}
