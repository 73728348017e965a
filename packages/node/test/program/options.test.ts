import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { optionTable, readConfiguration } from '@banyan/node/program'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-options-'))
  file = join(folder, 'config.json')
  const values = { rpcPort: 1, adminPort: 1, threads: 1, genesis: '../genesis.json', peers: ['/a', '/b'] }
  await writeFile(file, JSON.stringify(values))
})

afterAll(() => rm(folder, { recursive: true }))

test('QLT-11: flags come before the environment, then the file, then defaults', async () => {
  const options = await readConfiguration(
    { config: file, rpcPort: '3' },
    { BANYAN_RPC_PORT: '2', BANYAN_ADMIN_PORT: '2', BANYAN_LISTEN: '' },
  )
  expect(options).toMatchObject({
    rpcPort: 3,
    adminPort: 2,
    threads: 1,
    logLevel: 'info',
    peers: ['/a', '/b'],
    listen: [],
  })
})

test('relative paths mean what stands beside the file, and what the user sees on the command line', async () => {
  const options = await readConfiguration({ folder: 'here' }, { BANYAN_CONFIG: file })
  expect(options.genesis).toBe(resolve(folder, '../genesis.json'))
  expect(options.keys).toBe(join(folder, 'keys.json'))
  expect(options.folder).toBe(resolve('here'))
})

test.each([
  [{ rpcPort: '70000' }, {}, /rpcPort.*--rpc-port/],
  [{ rpcPort: 'many' }, {}, /rpcPort.*--rpc-port/],
  [{}, { BANYAN_ROLE: 'king' }, /role.*BANYAN_ROLE/],
  [{}, { BANYAN_STOP_WITH_PARENT: 'perhaps' }, /stopWithParent.*BANYAN_STOP_WITH_PARENT/],
])(
  'a value out of its range is refused with its name and its source: %j %j',
  async (flags, environment, message) => {
    await expect(readConfiguration(flags, environment)).rejects.toMatchObject({
      kind: 'OptionInvalid',
      message: expect.stringMatching(message),
    })
  },
)

test('a configuration file with an unknown option, or that is no JSON, is refused', async () => {
  const path = join(folder, 'other.json')
  await writeFile(path, '{"rpcPrt": 1}')
  await expect(readConfiguration({ config: path }, {})).rejects.toMatchObject({
    kind: 'OptionInvalid',
    details: { option: 'rpcPrt' },
  })
  await writeFile(path, '{')
  await expect(readConfiguration({ config: path }, {})).rejects.toMatchObject({ kind: 'FileInvalid' })
})

test('DOC-1: docs/node.md has the table of options as the program has them', async () => {
  const page = await readFile(new URL('../../../../docs/node.md', import.meta.url), 'utf8')
  expect(page).toContain(optionTable())
})
