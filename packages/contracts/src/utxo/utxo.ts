import { asHash } from '@banyan/base'
import { defineContract, reads, utxoListKey, utxos } from '@banyan/ledger'
import { contractAddress, zeroAddress } from '../addresses.js'
import { utxoAbi } from './abi.js'
import { spendKeys } from './keys.js'
import { limits } from './limits.js'
import { type Part, type Share, spendParts, withdraw } from './spend.js'

/** A deposit is a spend without inputs that takes exactly its outputs from the account. */
function depositPart(asset: number, outputs: readonly Share[]): Part {
  const fromAccount = outputs.reduce((sum, { amount }) => sum + amount, 0n)
  return { asset, inputs: [], fromAccount, outputs, toAccounts: [] }
}

export const utxoContract = defineContract({
  name: 'utxo',
  summary: 'Unspent outputs: account balances become UTXOs and back, and own UTXOs are spent.',
  version: 1,
  address: contractAddress('banyan/utxo'),
  abi: utxoAbi,
  tables: [],
  methods: {
    deposit: {
      gas: 300,
      run: (context, { asset, outputs }) => spendParts(context, [depositPart(asset, outputs)]),
      keys: (context, { asset, outputs }) => spendKeys(context, [depositPart(asset, outputs)]),
    },
    withdraw: {
      gas: 300,
      run: withdraw,
      keys: (context, { asset, inputs, to }) => {
        const toAccounts = [{ owner: to, amount: 0n }]
        return spendKeys(context, [{ asset, inputs, fromAccount: 0n, outputs: [], toAccounts }])
      },
    },
    spend: {
      gas: 500,
      run: (context, { parts }) => spendParts(context, parts),
      keys: (context, { parts }) => spendKeys(context, parts),
    },
    utxo: {
      gas: 50,
      run: (context, { id }) => {
        const found = utxos.find(context, asHash(id))
        if (found === undefined) return [zeroAddress, 0, 0n, 0n] as const
        return [found.owner, found.asset, found.amount, found.height] as const
      },
      // Whose list the UTXO is in depends on the state.
      keys: () => undefined,
    },
    utxosOf: {
      gas: 50,
      run: (context, { owner, limit }) =>
        utxos.ofOwner(context, owner, Math.min(limit, limits.listed)).map(({ id }) => id),
      keys: (_, { owner }) => reads(utxoListKey(owner)),
    },
  },
})
