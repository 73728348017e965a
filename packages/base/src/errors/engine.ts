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
  UpgradeRequired: {
    code: 1801,
    message:
      'Block {height} follows version {version} of the rules, and this node has version {own} for it and knows up to {known}.',
    cause:
      'The network has changed its rules at a height that the genesis file of this node does not name, or to a version that this program does not know.',
    fix: 'Install the newest version, take over `upgrades` in the genesis file from the others, and start the node again. It goes on where it was.',
    retryable: false,
  },
})
