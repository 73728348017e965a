import { parseAmount } from '@banyan/base'
import { genesisCollection } from '@banyan/contracts'
import { native as provider } from '@banyan/crypto/native'
import type { ChainOptions, Prices } from '@banyan/ledger'
import { type ChainStore, openChainStore } from '@banyan/node'
import { openNodeDisk } from '@banyan/storage/node'
import { everybody, hana, mira } from './people.js'

export const folder = '.banyan/first-chain'

/** One pip in a billion of a FIG for each unit of gas, in all dimensions. */
const price: Prices = { compute: 10n ** 9n, bytes: 10n ** 9n, state: 10n ** 9n }
const blockLimit = 100_000_000

const start: Readonly<Record<string, string>> = { [mira.name]: '1000000', [hana.name]: '1000' }

const chainOptions: ChainOptions = {
  provider,
  collection: genesisCollection,
  genesis: {
    chainId: 7001n,
    timestamp: 1_767_225_600_000n,
    fees: {
      start: price,
      floor: price,
      limit: { compute: blockLimit, bytes: blockLimit, state: blockLimit },
    },
    maxRows: 1_000_000,
    accounts: everybody.map(({ name, address }) => ({ address, balance: parseAmount(start[name] ?? '10') })),
    assets: [],
  },
}

/** Opens the chain in `folder`, which is made if it does not exist. */
export async function openFirstChain(): Promise<ChainStore> {
  const disk = await openNodeDisk(folder)
  return openChainStore({ disk, chainOptions, snapshotEvery: 1000, keepSnapshots: 2, history: 'all' })
}
