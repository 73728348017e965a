import type { Address } from '@banyan/base'
import { accountAbi, factoryAbi, tokenAbi, utxoAbi } from '@banyan/contracts'
import type { CallOutcome } from '@banyan/ledger'
import { type Args, addresses, addressOf, type Chain, contractAt, createChain } from './chain.js'

/** What tests of single contracts start from: alice holds 1,000 pip, bob has nothing. */

export const alice = addressOf(1)
export const bob = addressOf(2)

type Contract = (caller: Address, name: string, args?: Args, value?: bigint) => CallOutcome

export type Setup = {
  readonly chain: Chain
  readonly account: Contract
  readonly factory: Contract
  readonly utxo: Contract
  /** The token contract at the address of an asset. */
  readonly tokenAt: (face: Address) => Contract
}

export function setUp(): Setup {
  const chain = createChain([[alice, 1_000n]])
  return {
    chain,
    account: contractAt(chain, accountAbi, addresses.account),
    factory: contractAt(chain, factoryAbi, addresses.factory),
    utxo: contractAt(chain, utxoAbi, addresses.utxo),
    tokenAt: (face) => contractAt(chain, tokenAbi, face),
  }
}
