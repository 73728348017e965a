export { type Central, type CentralOptions, openCentral } from './central.js'
export {
  changeAccount,
  createAccount,
  endSessions,
  type NewAccount,
  setAccountState,
} from './change/accounts.js'
export { accountOf, type Change, type Context } from './change/change.js'
export {
  createKey,
  createToken,
  redeemJoin,
  redeemReset,
  revokeKey,
  rotateKey,
  type ShownKey,
  type ShownToken,
  usableToken,
} from './change/credentials.js'
export {
  certifyVersion,
  chooseVersion,
  promoteCanary,
  publishVersion,
  rollBack,
  type Submission,
  setTerms,
  startCanary,
  submitVersion,
  withdrawVersion,
} from './change/dservices.js'
export { setRegion } from './change/regions.js'
export { type AttemptLimits, type Attempts, createAttempts } from './check/attempts.js'
export {
  type CredentialParts,
  type Credentials,
  createCredentials,
  type Identity,
} from './check/credentials.js'
export type { CentralEvent, JournalRecord } from './events.js'
export type { StoredRecord } from './journal/journal.js'
export { openLogStore, type RecordStore, type StoredText } from './journal/store.js'
export * from './records.js'
export type { Place } from './select/distance.js'
export { type MinerOffer, type NeedyRegion, regionsForMiner } from './select/miners.js'
export { type ClientWish, regionsForClient, type SelectParts, type SuitableRegion } from './select/regions.js'
export { createStatuses, type Statuses } from './select/statuses.js'
export type { CentralState } from './state.js'
export type { Vault } from './vault.js'
