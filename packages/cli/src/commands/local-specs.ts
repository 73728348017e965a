import type { CommandSpec } from '../command-spec.js'

/** Commands about the network on this machine. */
export const localCommands: readonly CommandSpec[] = [
  {
    words: ['up'],
    summary: 'Start the local network: four validators and one address for everything',
    examples: ['banyan up', 'banyan up --ephemeral --json'],
    options: [{ name: 'ephemeral', description: 'A new network, which is removed at the end' }],
    settings: ['folder', 'port', 'activity'],
    exits: ['conflict', 'limit', 'timeout', 'interrupted'],
    load: () => import('./up.js'),
  },
  {
    words: ['down'],
    summary: 'Stop the local network; what happened on it stays',
    examples: ['banyan down'],
    settings: ['folder', 'timeout'],
    exits: ['unreachable', 'timeout'],
    load: () => import('./down.js'),
  },
  {
    words: ['status'],
    summary: 'Show what runs, where, and how it is',
    examples: ['banyan status', 'banyan status --json'],
    settings: ['folder', 'timeout'],
    exits: ['unreachable', 'timeout'],
    load: () => import('./status.js'),
  },
  {
    words: ['logs'],
    summary: 'Show what the parts of the network have logged',
    examples: ['banyan logs', 'banyan logs validator-2 --follow'],
    arguments: [{ name: 'part', description: 'One part; without it, all', isOptional: true }],
    options: [
      { name: 'lines', value: 'number', description: 'How many lines of each part', fallback: '20' },
      { name: 'follow', description: 'Go on with what comes' },
    ],
    settings: ['folder'],
    exits: ['notFound', 'interrupted'],
    isStream: true,
    load: () => import('./logs.js'),
  },
  {
    words: ['open'],
    summary: 'Open the console in a browser',
    examples: ['banyan open', 'banyan open wallet'],
    arguments: [{ name: 'page', description: 'Page of the console', isOptional: true }],
    settings: ['folder', 'url'],
    exits: ['unreachable'],
    load: () => import('./open.js'),
  },
  {
    words: ['doctor'],
    summary: 'Check this machine, and tell what to mend',
    examples: ['banyan doctor', 'banyan doctor --json'],
    settings: ['folder', 'port'],
    load: () => import('./doctor.js'),
  },
  {
    words: ['reset'],
    summary: 'Remove the local network; the next start makes another chain',
    examples: ['banyan reset', 'banyan reset --yes'],
    options: [{ name: 'yes', description: 'Do not ask' }],
    settings: ['folder'],
    exits: ['notFound', 'conflict', 'cancelled'],
    load: () => import('./reset.js'),
  },
]
