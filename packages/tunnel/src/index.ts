export {
  decodeFrame,
  encodeFrame,
  type Frame,
  type FrameType,
  frameTypes,
  maxBodyBytes,
  maxFrameBytes,
  noBytes,
} from './frame.js'
export {
  type FailHead,
  isServiceName,
  type Offer,
  type ProgressHead,
  type RequestHead,
  type ResponseHead,
  type ServiceOffer,
  type Usage,
  type Welcome,
} from './heads.js'
export type { LinkEffect, LinkEvent } from './link.js'
export { smallFrameLimit } from './liveness.js'
export {
  createMinerEnd,
  type MinerEnd,
  type MinerEndEffect,
  type MinerEndEvent,
  stepMinerEnd,
} from './miner-end.js'
export { windowBytes } from './outgoing.js'
export {
  createRegionEnd,
  type RegionEnd,
  type RegionEndEffect,
  type RegionEndEvent,
  stepRegionEnd,
} from './region-end.js'
