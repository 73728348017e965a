import type { ArgumentSpec, CommandSpec } from '../command-spec.js'

/** Commands about this program and its workspace. */

const words: ArgumentSpec = {
  name: 'words',
  description: 'Passed on; options of it stand after --',
  isOptional: true,
  isVariadic: true,
}

export const toolCommands: readonly CommandSpec[] = [
  {
    words: ['sim'],
    group: 'Tools',
    summary: 'Run networks in a simulator, with faults, under many seeds',
    examples: ['banyan sim -- --campaign all --seeds 20'],
    arguments: [words],
    settings: [],
    exits: ['interrupted'],
    load: () => import('./sim.js'),
  },
  {
    words: ['bench'],
    group: 'Tools',
    summary: 'Measure this machine beside peers and limits; without a name, list what can be measured',
    examples: ['banyan bench', 'banyan bench ledger -- --quick'],
    arguments: [words],
    settings: [],
    exits: ['interrupted'],
    load: () => import('./bench.js'),
  },
  {
    words: ['verify'],
    group: 'Tools',
    summary: 'Check a statement or a receipt of billing, without asking anybody unless --online is given',
    examples: ['banyan verify statement.json', 'banyan verify statement.json --online'],
    arguments: [{ name: 'file', description: 'Statement or receipt, as JSON' }],
    options: [
      { name: 'online', description: 'Also look up the transfers at the network, which is believed' },
    ],
    settings: ['folder', 'url', 'timeout'],
    exits: ['notFound', 'unreachable', 'timeout'],
    load: () => import('./verify.js'),
  },
  {
    words: ['config', 'explain'],
    group: 'Tools',
    summary: 'Show settings, and which layer each of them comes from',
    examples: ['banyan config explain', 'banyan config explain port'],
    arguments: [{ name: 'setting', description: 'One setting; without it, all', isOptional: true }],
    settings: ['folder', 'port', 'url', 'account', 'activity', 'lite', 'timeout'],
    load: () => import('./config-explain.js'),
  },
  {
    words: ['completion'],
    group: 'Tools',
    summary: 'Print what makes a shell complete this command',
    examples: ['banyan completion bash > ~/.local/share/bash-completion/completions/banyan'],
    arguments: [{ name: 'shell', description: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
    settings: [],
    load: () => import('./completion.js'),
  },
  {
    words: ['describe'],
    group: 'Tools',
    summary: 'All commands, options and exit codes, for programs',
    examples: ['banyan describe --json'],
    settings: [],
    load: () => import('./describe.js'),
  },
]
