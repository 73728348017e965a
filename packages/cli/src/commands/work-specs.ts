import type { CommandSpec, OptionSpec } from '../command-spec.js'
import type { ExitName } from '../exit-codes.js'

/** Commands about what was computed, and what it costs. */

const reach = ['folder', 'url', 'timeout'] as const
const exits: readonly ExitName[] = ['notFound', 'refused', 'unreachable', 'timeout', 'interrupted']
const csv: OptionSpec = { name: 'csv', description: 'The result as comma-separated values' }

export const workCommands: readonly CommandSpec[] = [
  {
    words: ['work', 'list'],
    group: 'Computing',
    summary: 'List finished requests, the newest first',
    examples: ['banyan work list', 'banyan work list --limit 5 --json'],
    options: [{ name: 'limit', value: 'number', description: 'How many', fallback: '20' }, csv],
    settings: reach,
    exits,
    load: () => import('./work-list.js'),
  },
  {
    words: ['work', 'show'],
    group: 'Computing',
    summary: 'Show one request: where its time went, and who is paid for it',
    examples: ['banyan work show 01a2016b78bfa0ac34beef0000000003'],
    arguments: [{ name: 'id', description: 'Its id, as `work list` shows it' }],
    settings: reach,
    exits,
    load: () => import('./work-show.js'),
  },
  {
    words: ['quote'],
    group: 'Computing',
    summary: 'Tell what a request to a DService would cost, in each tier',
    examples: ['banyan quote darkroom', 'banyan quote darkroom --cpu-ms 500 --bytes 1000000'],
    arguments: [{ name: 'service', description: 'Name of the DService' }],
    options: [
      {
        name: 'cpu-ms',
        value: 'number',
        description: 'Time of a processor; without it, the mean of the service',
      },
      {
        name: 'bytes',
        value: 'number',
        description: 'Bytes in and out; without it, the mean of the service',
      },
    ],
    settings: reach,
    exits: [...exits, 'limit'],
    load: () => import('./quote.js'),
  },
  {
    words: ['spend'],
    group: 'Computing',
    summary: 'Show what was spent on computing this month',
    examples: ['banyan spend', 'banyan spend --json'],
    settings: reach,
    exits,
    load: () => import('./spend.js'),
  },
  {
    words: ['budget'],
    group: 'Computing',
    summary: 'Set what may be spent on computing in a month',
    examples: ['banyan budget 5', 'banyan budget none'],
    arguments: [
      { name: 'amount', description: 'In the currency of prices, such as 0.25; none for no limit' },
    ],
    settings: reach,
    exits,
    load: () => import('./budget.js'),
  },
  {
    words: ['settle'],
    group: 'Computing',
    summary: 'Collect and pay out on the chain what was charged since the last time, as the operator',
    examples: ['banyan settle', 'banyan settle --json'],
    settings: reach,
    exits: [...exits, 'conflict'],
    load: () => import('./settle.js'),
  },
]
