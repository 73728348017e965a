import { asAddress, asChainId, asHash, type Hash } from '@banyan/base'
import { type CryptoProvider, emptyHistory, type History } from '@banyan/crypto'
import { blockId, type Header, headerVersion } from './block/header.js'
import { payloadRootOf } from './block/payload.js'
import { contractCrypto } from './contract-crypto.js'
import type { GroupRunner } from './execute/group.js'
import { inlineGroups } from './execute/group.js'
import { receiptsRoot } from './execute/receipts.js'
import { type Genesis, loadGenesis, rulesHash } from './genesis.js'
import type { Collection } from './host/collection.js'
import type { Host } from './host/host.js'
import { recordBlock } from './seal.js'
import { State, type StateOptions } from './state/state.js'
import { type SigningDomains, signingDomains } from './tx/authorize.js'

export type ChainOptions = {
  readonly genesis: Genesis
  readonly provider: CryptoProvider
  readonly collection: Collection
  /** Rows to make room for at the start; tables grow beyond. */
  readonly capacity?: StateOptions['capacity']
  readonly memory?: StateOptions['memory']
  /** Makes what runs groups of calls, such as `pool.runGroups`; by default they run one after the other on this thread. */
  readonly runGroups?: (host: Host, state: State) => GroupRunner
}

/** A block's header with the id it has. */
export type Head = { readonly header: Header; readonly id: Hash }

/**
 * One chain in memory: the state after its newest block, and what is needed to execute the next. The functions in
 * build-block.ts and verify-block.ts move it forward; `rollback` takes its newest block back.
 */
export type Chain = {
  readonly provider: CryptoProvider
  readonly genesis: Genesis
  readonly genesisId: Hash
  readonly domains: SigningDomains
  readonly host: Host
  readonly runGroups: GroupRunner
  readonly state: State
  /** Newest block. */
  head: Head
  /** Root of the state after the newest block. */
  stateRoot: Hash
  /** Mountain range over the ids of all blocks, the newest included. */
  history: History
  /** What `head`, `stateRoot` and `history` were before each block that can still be taken back, oldest first. */
  readonly earlier: { readonly head: Head; readonly stateRoot: Hash; readonly history: History }[]
}

const defaultCapacity = { accounts: 1024, balances: 1024, utxos: 1024, storage: 1024 }
const zeroHash = asHash(new Uint8Array(32))

/** Makes a chain from its genesis. Error: GenesisInvalid. */
export function createChain(options: ChainOptions): Chain {
  const { genesis, provider } = options
  const state = emptyState(options)
  loadGenesis(state, genesis)
  const header = genesisHeader(provider, genesis, state.commit())
  const id = blockId(header)
  const start = { head: { header, id }, stateRoot: header.stateRoot, history: emptyHistory }
  const chain = assembleChain(options, state, id, start)
  state.window.begin(0)
  recordBlock(chain, header, id)
  chain.stateRoot = state.commit()
  return chain
}

/** State with empty tables, as the options size it. */
export function emptyState({ genesis, provider, memory, capacity }: ChainOptions): State {
  return new State({
    provider,
    memory: memory ?? 'shared',
    seeds: new Uint32Array(new Uint8Array(provider.randomBytes(8)).buffer),
    capacity: capacity ?? defaultCapacity,
    maxRows: genesis.maxRows,
  })
}

/** A chain that stands at a block: nothing before it can be taken back. */
export function assembleChain(
  options: ChainOptions,
  state: State,
  genesisId: Hash,
  { head, stateRoot, history }: Pick<Chain, 'head' | 'stateRoot' | 'history'>,
): Chain {
  const { genesis, provider, collection } = options
  const host = { collection, crypto: contractCrypto(provider) }
  return {
    provider,
    genesis,
    genesisId,
    domains: signingDomains(provider, asChainId(genesis.chainId), genesisId),
    host,
    runGroups: (options.runGroups ?? inlineGroups)(host, state),
    state,
    head,
    stateRoot,
    history,
    earlier: [],
  }
}

function genesisHeader(provider: CryptoProvider, genesis: Genesis, stateRoot: Hash): Header {
  return {
    version: headerVersion,
    chainId: genesis.chainId,
    height: 0,
    view: 0,
    parentId: zeroHash,
    parentView: 0,
    proposer: asAddress(new Uint8Array(20)),
    timestamp: genesis.timestamp,
    payloadRoot: payloadRootOf(provider, []),
    transactionCount: 0,
    receiptsRoot: receiptsRoot(provider, new Uint8Array(0)),
    stateRoot,
    sideChainRoot: zeroHash,
    historyRoot: zeroHash,
    nextCommitteeHash: genesis.consensus?.committeeHash ?? zeroHash,
    consensusData: rulesHash(provider, genesis),
    justification: new Uint8Array(0),
  }
}
