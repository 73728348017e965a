export { createNetwork } from './create-network.js'
export { peerIdOfSeed } from './identity.js'
export type * from './network.js'
export { defaultLimits, type NetworkLimits, type NetworkOptions } from './options.js'
