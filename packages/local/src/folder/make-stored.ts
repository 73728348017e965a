import { randomBytes, randomInt } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { makeNetwork } from '@banyan/node/program'
import { genesisAccounts } from '../people.js'
import { writeJson } from './json-file.js'
import type { Layout } from './layout.js'

/** Random, so that a wallet never takes a new chain for one that it knows; above all ids that are registered. */
const firstChainId = 700_000_000
const chainIds = 100_000_000

/** Makes a network of this many validators. It is made aside and renamed, so that one that is half made is never seen. */
export async function makeStored(layout: Layout, validators: number): Promise<void> {
  for (const name of await readdir(layout.root)) {
    if (name.startsWith('network.new-')) await rm(join(layout.root, name), { recursive: true, force: true })
  }
  const aside = join(layout.root, `network.new-${process.pid}`)
  const seed = randomBytes(32)
  try {
    await makeNetwork(aside, validators, {
      chainId: firstChainId + randomInt(chainIds),
      blockInterval: 250,
      heartbeat: 2_000,
      networkDelay: 1_000,
      epochBlocks: 1_000,
      quorumRule: 'byzantine',
      schedule: 'roundRobin',
      registryOwner: undefined,
      accounts: genesisAccounts(seed),
    })
    await writeJson(join(aside, 'seed.json'), { version: 1, seed: toHex(seed) }, 0o600)
    await rename(aside, layout.network)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    throw error
  }
}
