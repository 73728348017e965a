import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import {
  type GenesisText,
  makeKeys,
  makeNetwork,
  publicParts,
  readGenesis,
  readKeys,
  readNodeGenesis,
} from '@banyan/node/program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plan } from './plan.js'

let folder: string
let network: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-keys-'))
  network = join(folder, 'network')
  await makeNetwork(network, 1, plan)
})

afterAll(() => rm(folder, { recursive: true }))

test('QLT-9: keys are made readable for their owner alone, and refused if others can read or write them', async () => {
  const path = join(network, 'node-0', 'keys.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await expect(readKeys(path)).resolves.toHaveProperty('blsSecret')
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(path, mode)
    await expect(readKeys(path)).rejects.toMatchObject({
      kind: 'KeyFileExposed',
      details: { mode: mode.toString(8) },
    })
  }
  await chmod(path, 0o400)
  await expect(readKeys(path)).resolves.toHaveProperty('blsSecret')
})

test('QLT-9: files that exist are never overwritten, and a broken key file is told without what it holds', async () => {
  await expect(makeNetwork(network, 1, plan)).rejects.toMatchObject({ kind: 'FileExists' })
  await expect(readKeys(join(folder, 'none.json'))).rejects.toMatchObject({ kind: 'FileUnreadable' })
  const path = join(folder, 'broken.json')
  for (const text of ['{"peerSeed": "0x5ec7e7', '{"version": 1, "peerSeed": "0x5ec7e7"}']) {
    await writeFile(path, text, { mode: 0o600 })
    await expect(readKeys(path)).rejects.toMatchObject({
      kind: 'FileInvalid',
      message: expect.not.stringContaining('5ec7e7'),
    })
  }
})

test('CON-10: a genesis with a BLS key that is not shown to be its own is refused', async () => {
  const path = join(network, 'genesis.json')
  const text = await readFile(path, 'utf8')
  const genesis = JSON.parse(text) as GenesisText
  const [validator] = genesis.validators
  const { blsKey, possession } = await publicParts(await makeKeys(join(folder, 'stranger.json')))
  for (const [changes, kind] of [
    [{ possession: toHex(possession) }, 'GenesisInvalid'],
    [{ blsKey: toHex(blsKey) }, 'GenesisInvalid'],
    [{ blsKey: '0x00' }, 'FileInvalid'],
  ] as const) {
    const changed = join(folder, 'changed.json')
    await writeFile(changed, JSON.stringify({ ...genesis, validators: [{ ...validator, ...changes }] }))
    await expect(readGenesis(changed)).rejects.toMatchObject({ kind })
  }
  expect((await readGenesis(path)).rules.validators).toHaveLength(1)
})

test('CON-10: a folder remembers the keys that were checked for it, and no others', async () => {
  const own = join(folder, 'own')
  await mkdir(own)
  const path = join(network, 'genesis.json')
  const known = await readNodeGenesis(path, own)
  expect(await readdir(own)).toHaveLength(1)
  expect((await readNodeGenesis(path, own)).rules).toEqual(known.rules)
  const genesis = JSON.parse(await readFile(path, 'utf8')) as GenesisText
  const { possession } = await publicParts(await makeKeys(join(folder, 'other.json')))
  const changed = join(folder, 'changed.json')
  await writeFile(
    changed,
    JSON.stringify({
      ...genesis,
      validators: [{ ...genesis.validators[0], possession: toHex(possession) }],
    }),
  )
  await expect(readNodeGenesis(changed, own)).rejects.toMatchObject({ kind: 'GenesisInvalid' })
})
