import { type Collection, createCollection } from '@banyan/ledger'
import { accountContract } from './account/account.js'
import { pricesContract } from './prices/prices.js'
import { factoryContract } from './token/factory.js'
import { tokenContract } from './token/token.js'
import { utxoContract } from './utxo/utxo.js'
import { validatorsContract } from './validators/validators.js'

/** The contracts that every chain starts with. */
export const genesisCollection: Collection = createCollection(1, [
  tokenContract,
  factoryContract,
  accountContract,
  utxoContract,
  validatorsContract,
  pricesContract,
])
