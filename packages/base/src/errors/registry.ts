import { baseErrors } from './base.js'
import { blockErrors } from './block.js'
import { consensusErrors } from './consensus.js'
import { contractErrors } from './contract.js'
import { cryptoErrors } from './crypto.js'
import { storageErrors } from './storage.js'
import { transactionErrors } from './transaction.js'

/** Every failure a user can cause, by name. Codes are unique; a test walks the whole registry. */
export const errorRegistry = {
  ...baseErrors,
  ...cryptoErrors,
  ...transactionErrors,
  ...contractErrors,
  ...blockErrors,
  ...storageErrors,
  ...consensusErrors,
}

export type ErrorName = keyof typeof errorRegistry
