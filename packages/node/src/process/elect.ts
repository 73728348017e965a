import type { Validator } from '@banyan/consensus'
import { readValidators } from '@banyan/contracts'
import type { CryptoProvider } from '@banyan/crypto'
import type { StateView } from '@banyan/ledger'
import type { ConsensusRules } from '../engine/network-genesis.js'

/** Elects the members that the registry of validators names; those of the genesis where there is no registry. */
export function electRegistered(
  { sha256 }: CryptoProvider,
  rules: ConsensusRules,
): (view: StateView) => readonly Validator[] {
  return (view) => {
    const registered = readValidators(view, sha256)
    if (registered.length === 0) return rules.validators
    return registered.map(({ account, weight, ed25519Key, blsKey }) => ({
      address: account,
      weight: Number(weight),
      ed25519Key,
      blsKey,
    }))
  }
}
