import { join } from 'node:path'
import type { Hash } from '@banyan/base'
import { native as provider } from '@banyan/crypto/native'
import { createChain } from '@banyan/ledger'
import { openNodeDisk } from '@banyan/storage/node'
import type { z } from 'zod'
import { openNodeSigner } from '../store/signer.js'
import { writeNewJson } from './files.js'
import {
  type accountsForm,
  type GenesisText,
  type NetworkRules,
  networkRules,
  readGenesis,
  readGenesisFile,
} from './genesis-file.js'
import { makeKeys, type NodeKeys, type PublicParts, publicParts, publicPartsText } from './keys.js'
import { notePossessions } from './proven-keys.js'

/** What a new network is made with. Times in ms. */
export type NetworkPlan = {
  readonly chainId: number
  readonly blockInterval: number
  readonly heartbeat: number
  readonly networkDelay: number
  readonly epochBlocks: number
  readonly quorumRule: 'byzantine' | 'crash'
  readonly schedule: 'roundRobin' | 'shuffled'
  readonly registryOwner: string | undefined
  /** As in the file. */
  readonly accounts: readonly z.input<typeof accountsForm>[number][]
}

/** Ports of a local network: node i listens at the base plus i. */
const peerPort = 4100
const rpcPort = 8545
const adminPort = 9545

const price = { compute: '1000000000', bytes: '1000000000', state: '1000000000' }
const gasLimit = 100_000_000

/** The text of a genesis file. */
export function genesisText(plan: NetworkPlan, validators: readonly PublicParts[]): GenesisText {
  const { chainId, schedule, registryOwner, accounts, ...consensus } = plan
  return {
    version: 1,
    chainId: String(chainId),
    timestamp: new Date().toISOString(),
    fees: {
      start: price,
      floor: price,
      limit: { compute: gasLimit, bytes: gasLimit, state: gasLimit },
    },
    maxRows: 2 ** 24,
    consensus: { ...consensus, schedule: { kind: schedule }, maxClockSkew: 500 },
    ...(registryOwner === undefined ? {} : { registryOwner }),
    validators: validators.map((parts) => ({ ...publicPartsText(parts), weight: 1 })),
    accounts: [...accounts],
  }
}

/**
 * Makes a local network in a new folder: `genesis.json`, and for each validator `node-<i>` with `keys.json`,
 * `config.json` and its enrolled key. Errors: FileExists, GenesisInvalid, CommitteeInvalid, DiskFull, DiskFailed.
 */
export async function makeNetwork(folder: string, validators: number, plan: NetworkPlan): Promise<void> {
  const genesis = join(folder, 'genesis.json')
  const places = Array.from({ length: validators }, (_, i) => join(folder, `node-${i}`))
  const keys: NodeKeys[] = []
  for (const place of places) keys.push(await makeKeys(join(place, 'keys.json')))
  const parts = await Promise.all(keys.map(publicParts))
  await writeNewJson(genesis, genesisText(plan, parts))
  for (const [i, place] of places.entries()) {
    await writeNewJson(join(place, 'config.json'), {
      genesis: '../genesis.json',
      role: 'validator',
      rpcPort: rpcPort + i,
      adminPort: adminPort + i,
      listen: [`/ip4/127.0.0.1/tcp/${peerPort + i}`],
      peers: parts.flatMap(({ peerId }, other) =>
        other === i ? [] : [`/ip4/127.0.0.1/tcp/${peerPort + other}/p2p/${peerId}`],
      ),
    })
  }
  // The keys were made here, so that nobody need be shown that they are known.
  const file = await readGenesisFile(genesis)
  const genesisId = idOf(networkRules(file))
  for (const [i, place] of places.entries()) {
    const data = join(place, 'data')
    await enroll(data, genesisId, keys[i]!)
    await notePossessions(data, file.validators)
  }
}

/** Id of the genesis block. Errors: those of `readGenesis`. */
export async function genesisIdOf(path: string): Promise<Hash> {
  return idOf(await readGenesis(path))
}

function idOf({ chainOptions }: NetworkRules): Hash {
  return createChain({ ...chainOptions, memory: 'private' }).genesisId
}

/**
 * Puts a validator's key to use on a chain: makes the memory of what it signs, once. Doing this again for a key that has
 * voted would allow it to contradict itself. Errors: SignerExists, FolderLocked, DiskFull, DiskFailed.
 */
export async function enroll(folder: string, genesisId: Hash, { ed25519Seed }: NodeKeys): Promise<void> {
  const disk = await openNodeDisk(join(folder, 'signer'))
  const ed25519Key = provider.ed25519.publicKey(ed25519Seed)
  const signer = await openNodeSigner({ disk, provider, genesisId, ed25519Key, isNew: true })
  await signer.close()
}
