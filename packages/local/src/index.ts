/** A whole network on one machine, and its origin. */

export type { ComputeState } from './compute/compute.js'
export { type LocalNetwork, type StartEvent, type StartOptions, startLocal } from './local-network.js'
export type { LocalPart, LocalStatus } from './origin/local-api.js'
export type { Person } from './people.js'
export { plainLine } from './processes/log-file.js'
export type { PartEvent, PartState, PartStatus } from './processes/part.js'
