import { type Address, asAddress, asHeight, fig, type Hash, toHex } from '@banyan/base'
import type { Validator } from '@banyan/consensus'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import { type Chain, type ChainOptions, encodeTransfer, type Genesis, signTransfer } from '@banyan/ledger'
import { type ConsensusRules, networkGenesis, type SignerKeys } from '@banyan/node'
import { privateKeyToAccount } from 'viem/accounts'

export { provider }

export const seedOf = (kind: number, index: number): Uint8Array => {
  const seed = new Uint8Array(32).fill(kind)
  seed[0] = index & 0xff
  seed[1] = index >>> 8
  return seed
}

/** Keys of a validator, or those it has after so many rotations. Small committees sign with ed25519 only. */
export function validatorKeys(index: number, rotations = 0): SignerKeys {
  const seed = seedOf(7 + 16 * rotations, index)
  const ed25519Key = provider.ed25519.publicKey(seed)
  return {
    address: ed25519Address(provider, ed25519Key),
    ed25519Key,
    signEd25519: (message) => provider.ed25519.sign(message, seed),
    blsKey: provider.bls.publicKey(seed),
    signBls: (message) => provider.bls.sign(message, seed),
  }
}

export function validator(index: number, weight = 1): Validator {
  const { address, ed25519Key, blsKey } = validatorKeys(index)
  return { address, ed25519Key, blsKey, weight }
}

const payers = Array.from({ length: 8 }, (_, i) => {
  const seed = seedOf(9, i)
  return { seed, address: ed25519Address(provider, provider.ed25519.publicKey(seed)) }
})
const walletSecret = seedOf(11, 0)
const walletAddress = secp256k1Address(provider, provider.secp256k1.publicKey(walletSecret))

/** An account of an Ethereum wallet that has funds. */
export function richWallet() {
  return privateKeyToAccount(toHex(walletSecret))
}

const free = { compute: 0n, bytes: 0n, state: 0n }
const limit = 10 ** 9

export const ledgerGenesis: Omit<Genesis, 'consensus'> = {
  chainId: 9n,
  timestamp: 1_000n,
  fees: { start: free, floor: free, limit: { compute: limit, bytes: limit, state: limit } },
  maxRows: 1_000_000,
  accounts: [...payers.map(({ address }) => address), walletAddress].map((address) => ({
    address,
    balance: 10n ** 24n,
  })),
  assets: [],
}

export function rulesFor(validators: number, changes: Partial<ConsensusRules> = {}): ConsensusRules {
  return {
    validators: Array.from({ length: validators }, (_, i) => validator(i)),
    quorumRule: 'byzantine',
    schedule: { kind: 'roundRobin' },
    timing: { delta: 100, interval: 50, heartbeat: 400 },
    epochBlocks: 1000,
    maxClockSkew: 500,
    upgrades: [],
    ...changes,
  }
}

export function chainOptions(rules: ConsensusRules, changes: Partial<Genesis> = {}): ChainOptions {
  return {
    genesis: networkGenesis(provider, { ...ledgerGenesis, ...changes }, rules),
    provider,
    collection: genesisCollection,
    memory: 'private',
    capacity: { accounts: 64, balances: 64, utxos: 64, storage: 64 },
  }
}

export function payee(index: number): Address {
  const address = new Uint8Array(20).fill(0xaa)
  new DataView(address.buffer).setUint32(4, index)
  return asAddress(address)
}

/** A transfer of one pip that nobody else makes. */
export function transfer(
  chain: Chain,
  mark: { readonly id: Hash; readonly height: number },
  nonce: number,
): Uint8Array {
  const fields = {
    mark: mark.id,
    payee: payee(nonce % 50),
    asset: fig,
    nonce: BigInt(nonce),
    amount: 1n,
    maxFee: 0,
    tip: 0,
    validUntil: asHeight(BigInt(mark.height + 64)),
  }
  return encodeTransfer(
    signTransfer(provider, chain.domains.transfer, fields, payers[nonce % payers.length]!.seed),
  )
}
