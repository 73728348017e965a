import { join, resolve } from 'node:path'
import {
  flagForm,
  helpText,
  lifeOptions,
  type OptionFile,
  optionRowsOf,
  optionTable,
  readOptions,
} from '@banyan/program/options'
import { expect, test } from 'vitest'
import { z } from 'zod'

const form = z.strictObject({
  folder: z.string().default('data').meta({ path: true, description: 'Folder' }),
  token: z.string().optional().meta({ path: true, description: 'File' }),
  maxPeers: z
    .int()
    .min(1)
    .max(99)
    .default(() => 8)
    .meta({ fallback: 'many', description: 'Peers' }),
  names: z.array(z.string()).default([]).meta({ description: 'Names' }),
  ...lifeOptions,
})
const rows = optionRowsOf(form, 'SAMPLE_')
const read = (flags = {}, environment = {}, file?: OptionFile) =>
  readOptions(form, rows, flags, environment, file)

test('QLT-11: flags come before the environment, then the file, then defaults', () => {
  const file = { path: '/etc/sample.json', values: { maxPeers: 1, names: ['a', 'b'], logLevel: 'warn' } }
  const environment = { SAMPLE_MAX_PEERS: '2', SAMPLE_LOG_LEVEL: 'error', SAMPLE_STOP_WITH_PARENT: 'true' }
  expect(read({ maxPeers: '3' }, environment, file)).toEqual({
    folder: '/etc/data',
    maxPeers: 3,
    names: ['a', 'b'],
    logLevel: 'error',
    stopTimeout: 10_000,
    stopWithParent: true,
  })
  expect(read({ stopWithParent: true, names: 'x,y' })).toMatchObject({
    stopWithParent: true,
    names: ['x', 'y'],
  })
  expect(read({ names: '' }, {}, file).names).toEqual([])
})

test('QLT-11: relative paths mean what stands beside the file, and what the user sees on the command line', () => {
  const file = { path: '/etc/sample.json', values: { folder: '../srv', token: 'token' } }
  expect(read({}, {}, file)).toMatchObject({ folder: '/srv', token: '/etc/token' })
  expect(read({ folder: 'here' }, { SAMPLE_TOKEN: 'there' }, file)).toMatchObject({
    folder: resolve('here'),
    token: resolve('there'),
  })
  expect(read()).toMatchObject({ folder: join(process.cwd(), 'data') })
})

test.each([
  [{ maxPeers: '100' }, {}, /maxPeers.*--max-peers/],
  [{ maxPeers: '1.5' }, {}, /maxPeers.*--max-peers/],
  [{ maxPeers: 'many' }, {}, /maxPeers.*--max-peers/],
  [{}, { SAMPLE_LOG_LEVEL: 'all' }, /logLevel.*SAMPLE_LOG_LEVEL/],
  [{}, { SAMPLE_STOP_WITH_PARENT: 'perhaps' }, /stopWithParent.*SAMPLE_STOP_WITH_PARENT/],
])(
  'QLT-11: a value that does not suit is refused with its name and its source: %j %j',
  (flags, from, message) => {
    expect(() => read(flags, from)).toThrow(
      expect.objectContaining({ kind: 'OptionInvalid', message: expect.stringMatching(message) }),
    )
  },
)

test('QLT-11: a file has values of their own types, and no unknown ones', () => {
  for (const values of [{ maxPeers: '3' }, { peers: 3 }, { folder: 7 }]) {
    const option = Object.keys(values)[0]
    expect(() => read({}, {}, { path: '/etc/sample.json', values })).toThrow(
      expect.objectContaining({
        kind: 'OptionInvalid',
        message: expect.stringContaining('/etc/sample.json'),
        details: expect.objectContaining({ option }),
      }),
    )
  }
})

test('DOC-1: help and tables come from the schema', () => {
  expect(rows.map(flagForm)).toEqual([
    '--folder <path>',
    '--token <path>',
    '--max-peers <number>',
    '--names <list>',
    '--log-level <debug|info|warn|error>',
    '--stop-timeout <number>',
    '--stop-with-parent',
  ])
  expect(rows.slice(0, 3).map(helpText)).toEqual([
    'Folder (environment: SAMPLE_FOLDER; default: data)',
    'File (environment: SAMPLE_TOKEN)',
    'Peers (environment: SAMPLE_MAX_PEERS; default: many)',
  ])
  const columns = {
    name: ({ name }: { name: string }) => name,
    default: (row: { fallback: string }) => row.fallback,
  }
  expect(optionTable(rows.slice(0, 2), columns)).toBe(
    '| name | default |\n|---|---|\n| folder | data |\n| token |  |',
  )
})
