export {
  type CentralEnd,
  type CentralEndEffect,
  type CentralEndOptions,
  createCentralEnd,
  type Revocation,
} from './central-end.js'
export * from './messages.js'
export * from './names.js'
export {
  createRegionEnd,
  type RegionEnd,
  type RegionEndEffect,
  type RegionEndOptions,
} from './region-end.js'
export type { Granted } from './revocations.js'
export { createSessions, type Mac, type SessionClaims, type Sessions } from './sessions.js'
