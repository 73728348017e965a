import { asAddress, fromHex, type Hex, toHex } from '@banyan/base'
import { contractAddress, validatorRows, validatorsAbi } from '@banyan/contracts'
import type { Genesis } from '@banyan/ledger'
import type { ConsensusRules, SignerKeys } from '@banyan/node'
import { encodeFunctionData } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { ledgerGenesis, provider, richWallet, rulesFor, seedOf, validatorKeys } from './people.js'

/** A chain whose committee follows the registry of validators. Accounts of validators are those of wallets. */

/** The wallet of a validator: its account votes by other keys than it pays with. */
export function walletOf(index: number): PrivateKeyAccount {
  return privateKeyToAccount(toHex(seedOf(12, index)))
}

const addressOf = (account: PrivateKeyAccount) => asAddress(fromHex(account.address)!)

/** Voting keys of a validator's account, after so many rotations. */
export function registeredKeys(index: number, rotations = 0): SignerKeys {
  return { ...validatorKeys(index, rotations), address: addressOf(walletOf(index)) }
}

export function registryRules(count: number, changes: Partial<ConsensusRules> = {}): ConsensusRules {
  const validators = Array.from({ length: count }, (_, i) => {
    const { address, ed25519Key, blsKey } = registeredKeys(i)
    return { address, ed25519Key, blsKey, weight: 1 }
  })
  return rulesFor(count, { validators, ...changes })
}

/** The genesis with the registry in it; the rich wallet owns it. Wallets of validators up to `wallets` have funds. */
export function registryGenesis({ validators }: ConsensusRules, wallets: number): Partial<Genesis> {
  const records = validators.map(({ address, weight, ...keys }) => ({
    ...keys,
    account: address,
    weight: BigInt(weight),
  }))
  const funded = Array.from({ length: wallets }, (_, i) => ({
    address: addressOf(walletOf(i)),
    balance: 10n ** 20n,
  }))
  return {
    accounts: [...ledgerGenesis.accounts, ...funded],
    storage: validatorRows(provider.sha256, addressOf(richWallet()), records),
  }
}

type Keys = readonly [ed25519Key: Hex, blsKey: Hex, possession: Hex]

/** Arguments for keys, with the proof that the BLS key is possessed. */
export function keyArguments(index: number, rotations = 0): Keys {
  const { ed25519Key, blsKey } = validatorKeys(index, rotations)
  const possession = provider.bls.provePossession(seedOf(7 + 16 * rotations, index))
  return [toHex(ed25519Key), toHex(blsKey), toHex(possession)]
}

export const registry = toHex(contractAddress('banyan/validators'))

type Call =
  | { readonly functionName: 'add'; readonly args: readonly [Hex, bigint, ...Keys] }
  | { readonly functionName: 'remove'; readonly args: readonly [Hex] }
  | { readonly functionName: 'setWeight'; readonly args: readonly [Hex, bigint] }
  | { readonly functionName: 'rotateKeys'; readonly args: Keys }

/** A signed call of the registry. */
export async function registryCall(
  account: PrivateKeyAccount,
  nonce: number,
  call: Call,
): Promise<Uint8Array> {
  const text = await account.signTransaction({
    chainId: Number(ledgerGenesis.chainId),
    nonce,
    gas: 50_000_000n,
    gasPrice: 0n,
    to: registry,
    data: encodeFunctionData({ abi: validatorsAbi, ...call }),
    type: 'legacy',
  })
  return fromHex(text)!
}
