export type { Committee, Validator } from './committee.js'
export type * from './core/events.js'
export type { Certificate, SignedVote, Vote, VotingScheme } from './vote.js'
