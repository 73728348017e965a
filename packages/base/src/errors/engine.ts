import { defineErrors } from './definition.js'

/** 1800-1899: what nodes tell each other. */
export const engineErrors = defineErrors({
  MessageMalformed: {
    code: 1800,
    message: 'A message of a peer is malformed: {reason}.',
    cause: 'Its bytes do not follow the layout of messages between nodes, or exceed a bound.',
    fix: 'Discard it; the peer runs another version, or means harm.',
    retryable: false,
  },
})
