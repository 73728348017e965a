/** Public edge of the contract host. */
export { decodeArguments, encodeCall, selectorOf, signatureOf } from './abi.js'
export type {
  AbiError,
  AbiEvent,
  AbiFunction,
  AbiParameter,
  AbiRecord,
  AbiResult,
  AbiValue,
  ContractAbi,
} from './abi-types.js'
export * from './access-key.js'
export * as assets from './assets.js'
export * from './authorize.js'
export { type BoundAbi, bindAbi } from './bind-abi.js'
export { callKeys, type KeyRequest } from './call-keys.js'
export { type Collection, createCollection } from './collection.js'
export * from './context.js'
export { type Contract, type ContractDefinition, defineContract, type Method } from './contract.js'
export * as hostCrypto from './crypto.js'
export * from './execute-call.js'
export * as funds from './funds.js'
export { gasPrices } from './gas.js'
export type { Host, HostCrypto } from './host.js'
export type { AuthorizeRequest, InterfaceName, Interfaces } from './interfaces.js'
export { callContract, type NestedOutcome } from './nested-call.js'
export { type AccountFields, createOverlay, type Overlay } from './overlay.js'
export { revert } from './revert.js'
export { defineTable, type Fields, type FieldType, type RecordOf, type Table } from './schema.js'
export type { RowOwner } from './tables.js'
export * as tables from './tables.js'
export { textLength } from './text.js'
export * as utxos from './utxos.js'
