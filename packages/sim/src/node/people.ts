import { type Address, asAddress, asHash } from '@banyan/base'
import type { Validator } from '@banyan/consensus'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { assetFlags, type ChainOptions, type Genesis } from '@banyan/ledger'
import { type ConsensusRules, networkGenesis, type SignerKeys } from '@banyan/node'
import { provider } from './remembered-crypto.js'

/** Who there is in a simulated network, and the chain that it starts with. */

function seedOf(kind: number, index: number): Uint8Array {
  const seed = new Uint8Array(32).fill(kind)
  seed[0] = index & 0xff
  seed[1] = index >>> 8
  return seed
}

/** Keys of a validator. Its committees are small ones, which sign with ed25519. */
export function validatorKeys(index: number): SignerKeys {
  const seed = seedOf(7, index)
  const ed25519Key = provider.ed25519.publicKey(seed)
  return {
    address: ed25519Address(provider, ed25519Key),
    ed25519Key,
    signEd25519: (message) => provider.ed25519.sign(message, seed),
    blsKey: new Uint8Array(48).fill(index + 1),
    signBls: () => new Uint8Array(96),
  }
}

export function validator(index: number, weight: number): Validator {
  const { address, ed25519Key, blsKey } = validatorKeys(index)
  return { address, ed25519Key, blsKey, weight }
}

export type Payer = { readonly seed: Uint8Array; readonly address: Address }

/** Accounts of ed25519 keys; those after the first are the delegates' of it, for packages. */
export const payers: readonly Payer[] = Array.from({ length: 6 }, (_, index) => {
  const seed = seedOf(9, index)
  return { seed, address: ed25519Address(provider, provider.ed25519.publicKey(seed)) }
})

/** Accounts of Ethereum wallets. */
export const wallets: readonly Payer[] = Array.from({ length: 2 }, (_, index) => {
  const seed = seedOf(11, index)
  return { seed, address: secp256k1Address(provider, provider.secp256k1.publicKey(seed)) }
})

export const chainId = 9n
const prices = { compute: 1_000n, bytes: 10n, state: 10n }
const blockGas = 20_000_000
const wealth = 10n ** 21n

const ledgerGenesis: Omit<Genesis, 'consensus'> = {
  chainId,
  timestamp: 1_000n,
  fees: {
    start: prices,
    floor: { compute: 0n, bytes: 0n, state: 0n },
    limit: { compute: blockGas, bytes: blockGas, state: blockGas },
  },
  maxRows: 100_000,
  accounts: [...payers, ...wallets].map(({ address }, index) =>
    index > 0 && index < payers.length
      ? { address, balance: wealth, delegate: payers[0]!.address }
      : { address, balance: wealth },
  ),
  assets: [
    {
      issuer: payers[0]!.address,
      flags: assetFlags.burnable,
      decimals: 6,
      cap: 10n ** 15n,
      metadataHash: asHash(new Uint8Array(32)),
      name: 'Sample',
      symbol: 'SMP',
      holders: [...payers, ...wallets].map(({ address }) => ({ owner: address, amount: 10n ** 12n })),
    },
  ],
}

export function chainOptions(rules: ConsensusRules): ChainOptions {
  return {
    genesis: networkGenesis(provider, ledgerGenesis, rules),
    provider,
    collection: genesisCollection,
    memory: 'private',
    capacity: { accounts: 64, balances: 64, utxos: 64, storage: 64 },
  }
}

/** An account that nobody has the key of. */
export function payee(index: number): Address {
  const address = new Uint8Array(20).fill(0xaa)
  address[0] = index & 0xff
  return asAddress(address)
}
