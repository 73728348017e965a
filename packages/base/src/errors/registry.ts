import { apiErrors } from './api.js'
import { baseErrors } from './base.js'
import { billingErrors } from './billing.js'
import { blockErrors } from './block.js'
import { centralErrors } from './central.js'
import { cliErrors } from './cli.js'
import { clientErrors } from './client.js'
import { consensusErrors } from './consensus.js'
import { contractErrors } from './contract.js'
import { cryptoErrors } from './crypto.js'
import { darkroomErrors } from './darkroom.js'
import { dserviceErrors } from './dservice.js'
import { engineErrors } from './engine.js'
import { gatewayErrors } from './gateway.js'
import { isolationErrors } from './isolation.js'
import { lightErrors } from './light.js'
import { localErrors } from './local.js'
import { mempoolErrors } from './mempool.js'
import { minerErrors } from './miner.js'
import { networkErrors } from './network.js'
import { programErrors } from './program.js'
import { regionErrors } from './region.js'
import { storageErrors } from './storage.js'
import { transactionErrors } from './transaction.js'
import { tunnelErrors } from './tunnel.js'

/** Every failure a user can cause, by name. Codes are unique; a test walks the whole registry. */
export const errorRegistry = {
  ...baseErrors,
  ...cryptoErrors,
  ...transactionErrors,
  ...contractErrors,
  ...blockErrors,
  ...storageErrors,
  ...networkErrors,
  ...mempoolErrors,
  ...apiErrors,
  ...consensusErrors,
  ...engineErrors,
  ...programErrors,
  ...lightErrors,
  ...localErrors,
  ...cliErrors,
  ...clientErrors,
  ...dserviceErrors,
  ...isolationErrors,
  ...minerErrors,
  ...billingErrors,
  ...centralErrors,
  ...darkroomErrors,
  ...tunnelErrors,
  ...gatewayErrors,
  ...regionErrors,
}

export type ErrorName = keyof typeof errorRegistry
