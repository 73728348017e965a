/** An application pays for its users: docs/sponsor.md. */
export { createSponsorHandler, type HandlerOptions } from './handler.js'
export { type AllowedCall, methodOf, type SponsorPolicy } from './policy.js'
export { openSponsor, type Sponsor, type SponsorOptions } from './sponsor.js'
export type { Item, Statement, Total } from './statement.js'
