import { type Address, asAddress, asHash, maxAmount } from '@banyan/base'
import { genesisCollection, validatorRows } from '@banyan/contracts'
import { native as provider } from '@banyan/crypto/native'
import type { ChainOptions, Genesis } from '@banyan/ledger'
import { z } from 'zod'
import { type ConsensusRules, networkGenesis } from '../engine/network-genesis.js'
import { readJson } from './files.js'
import { addressForm, bytesOf, figForm, wholeForm } from './forms.js'
import { publicPartsForm } from './keys.js'
import { provePossessions, provePossessionsOnce } from './proven-keys.js'

/** The genesis file: everything that the nodes of a network have to agree on before the first block. */

const prices = z.strictObject({ compute: wholeForm, bytes: wholeForm, state: wholeForm })
const gasCount = z.int().min(2)
const gas = z.strictObject({ compute: gasCount, bytes: gasCount, state: gasCount })
const milliseconds = z.int().min(0)

const asset = z.strictObject({
  issuer: addressForm,
  flags: z.int().min(0).default(0),
  decimals: z.int().min(0).max(255),
  /** Base units. */
  cap: wholeForm.default(maxAmount),
  metadataHash: bytesOf(32).optional(),
  name: z.string().min(1).max(32),
  symbol: z.string().min(1).max(16),
  holders: z.array(z.strictObject({ owner: addressForm, amount: wholeForm })).default([]),
})

export const accountsForm = z.array(
  z.strictObject({
    address: addressForm,
    balance: figForm,
    /** Account that may sign packages for it. */
    delegate: addressForm.optional(),
  }),
)

const consensus = z.strictObject({
  quorumRule: z.enum(['byzantine', 'crash']),
  schedule: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('roundRobin') }),
    z.strictObject({ kind: z.literal('stableLeader'), term: z.int().min(1) }),
    z.strictObject({ kind: z.literal('shuffled') }),
  ]),
  blockInterval: milliseconds,
  heartbeat: milliseconds,
  /** Bound of the delay between nodes that time-outs are made of. */
  networkDelay: milliseconds,
  maxClockSkew: milliseconds,
  epochBlocks: z.int().min(2),
})

const genesisForm = z.strictObject({
  version: z.literal(1),
  chainId: wholeForm,
  timestamp: z.iso.datetime(),
  fees: z.strictObject({ start: prices, floor: prices, limit: gas }),
  maxRows: z.int(),
  consensus,
  /** Changes of the rules, added to the files of all nodes before their heights come; no part of the chain's identity. */
  upgrades: z
    .array(z.strictObject({ version: z.int(), height: z.int() }))
    .max(1_024)
    .default([]),
  /** Who may add and remove validators later; without one nobody may, and the committee never changes. */
  registryOwner: addressForm.optional(),
  validators: z
    .array(publicPartsForm.extend({ weight: z.int().min(1) }))
    .min(1)
    .max(1_024),
  accounts: accountsForm.default([]),
  assets: z.array(asset).default([]),
})

export type GenesisFile = z.output<typeof genesisForm>
/** As it stands in the file. */
export type GenesisText = z.input<typeof genesisForm>

/** What a node is opened with. */
export type NetworkRules = { readonly chainOptions: ChainOptions; readonly rules: ConsensusRules }

/** Reads a genesis file, and checks the keys in it. Errors: FileUnreadable, FileInvalid, GenesisInvalid, CommitteeInvalid. */
export async function readGenesis(path: string): Promise<NetworkRules> {
  const file = await readGenesisFile(path)
  provePossessions(file.validators)
  return networkRules(file)
}

/** The same for a node with this folder, which remembers the keys that were checked. */
export async function readNodeGenesis(path: string, folder: string): Promise<NetworkRules> {
  const file = await readGenesisFile(path)
  await provePossessionsOnce(folder, file.validators)
  return networkRules(file)
}

/** As it stands in the file. Errors: FileUnreadable, FileInvalid. */
export async function readGenesisFile(path: string): Promise<GenesisFile> {
  return readJson(path, genesisForm)
}

/** What follows from a genesis file whose keys are known to be their owners'. Errors: GenesisInvalid, CommitteeInvalid. */
export function networkRules(file: GenesisFile): NetworkRules {
  const rules = consensusRules(file)
  const genesis = networkGenesis(provider, ledgerGenesis(file), rules)
  return { chainOptions: { genesis, provider, collection: genesisCollection }, rules }
}

function consensusRules({ validators, upgrades, consensus: given }: GenesisFile): ConsensusRules {
  return {
    validators: validators.map(({ address, ed25519Key, blsKey, weight }) => ({
      address,
      ed25519Key,
      blsKey,
      weight,
    })),
    quorumRule: given.quorumRule,
    schedule: given.schedule,
    timing: { delta: given.networkDelay, interval: given.blockInterval, heartbeat: given.heartbeat },
    epochBlocks: given.epochBlocks,
    maxClockSkew: given.maxClockSkew,
    upgrades,
  }
}

function ledgerGenesis(file: GenesisFile): Omit<Genesis, 'consensus'> {
  const { registryOwner, chainId, fees, maxRows, accounts } = file
  return {
    chainId,
    timestamp: BigInt(Date.parse(file.timestamp)),
    fees,
    maxRows,
    accounts: accounts.map(({ delegate, ...account }) => ({ ...account, ...(delegate && { delegate }) })),
    assets: file.assets.map(({ metadataHash, ...rest }) => ({
      ...rest,
      metadataHash: asHash(metadataHash ?? new Uint8Array(32)),
    })),
    storage: registryOwner === undefined ? [] : registryRows(file, registryOwner),
  }
}

function registryRows({ validators }: GenesisFile, owner: Address) {
  const records = validators.map(({ address, ed25519Key, blsKey, weight }) => ({
    account: asAddress(address),
    weight: BigInt(weight),
    ed25519Key,
    blsKey,
  }))
  return validatorRows(provider.sha256, owner, records)
}
