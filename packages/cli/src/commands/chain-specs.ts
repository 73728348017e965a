import type { ArgumentSpec, CommandSpec, OptionSpec } from '../command-spec.js'
import type { ExitName } from '../exit-codes.js'

/** Commands about the chain, on this machine or elsewhere. */

const reach = ['folder', 'url', 'timeout'] as const
const reading: readonly ExitName[] = ['notFound', 'unreachable', 'timeout', 'interrupted']
const sending: readonly ExitName[] = ['notFound', 'refused', 'unreachable', 'limit', 'timeout', 'interrupted']
const noWait: OptionSpec = { name: 'no-wait', description: 'Do not wait until it is final' }
const token: ArgumentSpec = { name: 'token', description: 'Symbol or number of a token' }
const csv: OptionSpec = { name: 'csv', description: 'The result as comma-separated values' }
const payee: ArgumentSpec = { name: 'to', description: 'Address, account of yours, or one of the people' }

const accountCommands: readonly CommandSpec[] = [
  {
    words: ['account', 'create'],
    group: 'The chain',
    summary: 'Make an account of yours: a key in a file that only you can read',
    examples: ['banyan account create savings', 'banyan account create old --key-file key.txt'],
    arguments: [{ name: 'name', description: 'Its name on this machine' }],
    options: [
      {
        name: 'scheme',
        value: 'scheme',
        description: 'Kind of key',
        choices: ['ed25519', 'secp256k1'],
        fallback: 'ed25519',
      },
      {
        name: 'key-file',
        value: 'path',
        description: 'Take the key from a file, or from standard input (-)',
      },
    ],
    settings: [],
    exits: ['notFound', 'conflict', 'limit'],
    load: () => import('./account-create.js'),
  },
  {
    words: ['account', 'list'],
    group: 'The chain',
    summary: 'List accounts of yours, and the people of the local network',
    examples: ['banyan account list', 'banyan account list --json'],
    options: [csv],
    settings: reach,
    exits: ['interrupted'],
    load: () => import('./account-list.js'),
  },
  {
    words: ['account', 'show'],
    group: 'The chain',
    summary: 'Show what an account holds',
    examples: ['banyan account show Mira', 'banyan account show 0x52908400098527886E0F7030069857D2E4169EE7'],
    arguments: [{ name: 'account', description: 'Address, account of yours, or one of the people' }],
    settings: reach,
    exits: reading,
    load: () => import('./account-show.js'),
  },
  {
    words: ['account', 'history'],
    group: 'The chain',
    summary: 'List what has moved on an account, newest first',
    examples: ['banyan account history Mira', 'banyan account history Mira --lines 1000 --csv > mira.csv'],
    arguments: [{ name: 'account', description: 'Address, account of yours, or one of the people' }],
    options: [{ name: 'lines', value: 'number', description: 'How many transactions', fallback: '20' }, csv],
    settings: reach,
    exits: reading,
    load: () => import('./account-history.js'),
  },
]

const tokenCommands: readonly CommandSpec[] = [
  {
    words: ['token', 'create'],
    group: 'The chain',
    summary: 'Issue a token',
    examples: ['banyan token create CAKE "Slice of cake" --supply 1000 --account Mira'],
    arguments: [
      { name: 'symbol', description: 'Short name, such as CAKE' },
      { name: 'name', description: 'Long name' },
    ],
    options: [
      { name: 'supply', value: 'amount', description: 'How many you get at once', fallback: '0' },
      {
        name: 'cap',
        value: 'amount',
        description: 'Most that there can ever be; more than the supply allows to mint',
      },
      { name: 'decimals', value: 'number', description: 'Digits after the point', fallback: '2' },
      noWait,
    ],
    settings: [...reach, 'account'],
    exits: sending,
    load: () => import('./token-create.js'),
  },
  {
    words: ['token', 'mint'],
    group: 'The chain',
    summary: 'Make more of a token that you have issued',
    examples: ['banyan token mint CAKE 250 --account Mira', 'banyan token mint CAKE 10 Otto --account Mira'],
    arguments: [
      token,
      { name: 'amount', description: 'Such as 12.5' },
      { ...payee, description: 'Who gets it; you, if nobody is named', isOptional: true },
    ],
    options: [noWait],
    settings: [...reach, 'account'],
    exits: sending,
    load: () => import('./token-mint.js'),
  },
  {
    words: ['token', 'transfer'],
    group: 'The chain',
    summary: 'Pay somebody in a token',
    examples: ['banyan token transfer LOAF 2 Otto --account Mira'],
    arguments: [token, { name: 'amount', description: 'Such as 12.5' }, payee],
    options: [noWait],
    settings: [...reach, 'account'],
    exits: sending,
    load: () => import('./token-transfer.js'),
  },
  {
    words: ['token', 'list'],
    group: 'The chain',
    summary: 'List the tokens of the chain',
    examples: ['banyan token list', 'banyan token list --csv'],
    options: [csv],
    settings: reach,
    exits: reading,
    load: () => import('./token-list.js'),
  },
  {
    words: ['token', 'show'],
    group: 'The chain',
    summary: 'Show a token',
    examples: ['banyan token show LOAF'],
    arguments: [token],
    settings: reach,
    exits: reading,
    load: () => import('./token-show.js'),
  },
]

export const chainCommands: readonly CommandSpec[] = [
  {
    words: ['transfer'],
    group: 'The chain',
    summary: 'Pay somebody in FIG',
    examples: [
      'banyan transfer 12.5 Otto --account Mira',
      'banyan transfer 1 0x52908400098527886E0F7030069857D2E4169EE7',
    ],
    arguments: [{ name: 'amount', description: 'FIG, such as 12.5' }, payee],
    options: [noWait],
    settings: [...reach, 'account'],
    exits: sending,
    load: () => import('./transfer.js'),
  },
  ...accountCommands,
  ...tokenCommands,
  {
    words: ['block'],
    group: 'The chain',
    summary: 'Show a final block; without a name, the newest',
    examples: ['banyan block', 'banyan block 17 --json'],
    arguments: [{ name: 'block', description: 'Height or id', isOptional: true }],
    settings: reach,
    exits: reading,
    load: () => import('./block.js'),
  },
  {
    words: ['tx'],
    group: 'The chain',
    summary: 'Show a transaction and what came of it',
    examples: ['banyan tx 0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060'],
    arguments: [{ name: 'id', description: 'Its id' }],
    settings: reach,
    exits: reading,
    load: () => import('./tx.js'),
  },
  {
    words: ['validator'],
    group: 'The chain',
    summary: 'Show who decides, and with which weight',
    examples: ['banyan validator'],
    settings: reach,
    exits: reading,
    load: () => import('./validator.js'),
  },
]
