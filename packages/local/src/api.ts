/** What the origin answers below /local/ (docs/local.md), as types alone: they need nothing that a page does not have. */
export type { ComputeMiner, ComputeParty, ComputeStatus } from './compute/describe.js'
export type { Role } from './origin/compute-door.js'
export type { LocalPeople, LocalStatus, PersonWithKey } from './origin/local-api.js'
export type { PartState, PartStatus } from './processes/part.js'
