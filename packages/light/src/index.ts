export type { SeenBlock } from './checkpoint.js'
export { createLightClient, type LightClient, type LightClientOptions } from './client.js'
export type { LightChain } from './committees.js'
export type { ChainRow, ProvenValue } from './contents.js'
export {
  createLightCore,
  type Freshness,
  type LightCore,
  type LightOptions,
  type LightStart,
  type Proven,
} from './core.js'
export { decodeEpochRecord, type EpochRecord, encodeEpochRecord } from './epoch-record.js'
export {
  decodeFinality,
  encodeFinality,
  type FinalityProof,
  finalityHolds,
  maxFinalityBytes,
} from './finality.js'
export type { Fetch } from './http.js'
export {
  type AnchoredProof,
  decodeProof,
  encodeProof,
  maxProofBytes,
  type ProofKind,
  type ProofRequest,
} from './proof.js'
export { joinRecords } from './record-list.js'
