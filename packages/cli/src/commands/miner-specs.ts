import { minerOptions } from '@banyan/miner/options'
import type { CommandSpec } from '../command-spec.js'

/** Commands for those who lend a machine. */
export const minerCommands: readonly CommandSpec[] = [
  {
    words: ['miner', 'join'],
    group: 'Computing',
    summary: 'Lend this machine to a region, and work for it until Ctrl-C',
    examples: [
      'banyan miner join https://region.example:4402 --token-file token --registry https://registry.example --dservices darkroom@1.0.0 --authorities 0x6b…',
    ],
    arguments: [{ name: 'region', description: 'Address of the region’s endpoint for miners' }],
    options: minerOptions,
    settings: [],
    exits: ['refused', 'notFound'],
    load: () => import('./miner-join.js'),
  },
  {
    words: ['miner', 'list'],
    group: 'Computing',
    summary: 'List the miners of a region, and what they do',
    examples: ['banyan miner list', 'banyan miner list --json'],
    options: [{ name: 'csv', description: 'The result as comma-separated values' }],
    settings: ['folder', 'url', 'timeout'],
    exits: ['notFound', 'refused', 'unreachable', 'timeout', 'interrupted'],
    load: () => import('./miner-list.js'),
  },
]
