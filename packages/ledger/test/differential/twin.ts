import { asAddress, asHash } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import {
  type Chain,
  type ChainOptions,
  type DescribedBatch,
  decodeBatch,
  describeBatch,
  type Proposal,
} from '@banyan/ledger'
import {
  type BlockInput,
  createModel,
  encodeBatch,
  type GeneratedBlock,
  type GenerateOptions,
  generateBlock,
  generateWorld,
  type Model,
  type Random,
  seededRandom,
  type World,
  type WorldOptions,
} from '@banyan/model'
import { ledgerOf } from './ledger.js'

/** What a family of generated histories has in common. */
export type Scene = {
  readonly name: string
  readonly world: WorldOptions
  readonly blocks: number
  /** The state root is compared after every block whose height is a multiple of this. */
  readonly rootEvery: number
  /** Most transactions in a block; some blocks have few. */
  readonly transactions: number
  readonly options: Omit<GenerateOptions, 'transactions' | 'stateRoot'>
}

/** A model and the world that it and its ledgers share. */
export type Twin = {
  readonly model: Model
  readonly world: World
  readonly random: Random
  readonly openLedger: (options: Pick<ChainOptions, 'provider' | 'memory'>) => Chain
}

export function createTwin(seed: number, options: WorldOptions): Twin {
  const random = seededRandom(seed)
  const world = generateWorld(random, options)
  const { genesis } = world
  const model = createModel({
    ...genesis,
    accounts: genesis.accounts.map((account) => ({ ...account, flags: 0 })),
  })
  const { accounts, addresses } = model.state
  for (const [i, { flags }] of genesis.accounts.entries()) {
    const address = addresses[i + 1]!
    accounts.set(address, { ...accounts.get(address)!, flags: flags ?? 0 })
  }
  return { model, world, random, openLedger: (how) => ledgerOf(genesis, how) }
}

/** The next generated block. `stateRoot` is the root before it, if the model need not compute it. */
export function nextBlock(twin: Twin, scene: Scene, stateRoot?: Uint8Array): GeneratedBlock {
  const { model, world, random } = twin
  const few = random.chance(0.25)
  const transactions = random.below((few ? scene.transactions >>> 3 : scene.transactions) + 1)
  const known = stateRoot === undefined ? {} : { stateRoot }
  return generateBlock(model, world, random, { ...scene.options, ...known, transactions })
}

/** A generated block as a ledger's proposal, by way of its bytes. */
export function proposalOf(provider: CryptoProvider, chain: Chain, block: BlockInput): Proposal {
  const batches = block.batches.map(
    (batch): DescribedBatch => describeBatch(provider, chain.domains, decodeBatch(encodeBatch(batch))),
  )
  return {
    batches,
    proposer: asAddress(block.proposer),
    timestamp: block.timestamp,
    view: Number(block.view),
    sideChainRoot: asHash(block.sideChainRoot),
    nextCommitteeHash: asHash(block.nextCommitteeHash),
    consensusData: block.consensusData,
    justification: block.justification,
  }
}
