import { fail, type Hex, toHex } from '@banyan/base'
import { payloadRoot } from './batch.js'
import { type Header, headerRoot, historyRoot } from './header.js'
import { containerRoot, integerChunk, zeroChunk } from './merkle.js'
import { receiptsRoot } from './receipt.js'
import { recordBlock } from './record-block.js'
import { type Account, type Asset, balanceKey, recentBlocks, type State, type Triple } from './state.js'
import { stateRoot } from './state-root.js'
import { signingDomains } from './transaction.js'

export type Genesis = {
  readonly chainId: bigint
  readonly timestamp: bigint
  readonly prices: { readonly start: Triple; readonly floor: Triple; readonly limits: Triple }
  /** Rows 1, 2, … in this order. */
  readonly accounts: readonly {
    readonly address: Uint8Array
    readonly balance: bigint
    readonly flags?: number
    readonly delegate?: number
  }[]
  /** Rows 0, 1, …: the first one is FIG. */
  readonly assets: readonly Asset[]
  /** Rows 1, 2, … in this order. */
  readonly balances: readonly {
    readonly address: Uint8Array
    readonly asset: number
    readonly amount: bigint
  }[]
  /** Bound of every keyed table. */
  readonly maxRows: number
}

/**
 * State after the genesis block, and the genesis header. The header commits to the state before the block was
 * recorded in `recent` and in the history root. Errors: GenesisInvalid.
 */
export function createState(genesis: Genesis): { readonly state: State; readonly header: Header } {
  checkGenesis(genesis)
  const accounts = genesisAccounts(genesis)
  const addresses = [...accounts.keys()]
  const unsealed: State = {
    chainId: genesis.chainId,
    genesisId: zeroChunk,
    domains: signingDomains(genesis.chainId, zeroChunk),
    limits: genesis.prices.limits,
    floor: genesis.prices.floor,
    maxRows: genesis.maxRows,
    accounts,
    addresses,
    numbers: new Map(addresses.map((address, number) => [address, number])),
    balances: new Map(genesis.balances.map((row) => [balanceKey(row.asset, toHex(row.address)), { ...row }])),
    assets: genesis.assets,
    recent: new Array(recentBlocks).fill(undefined),
    blockIds: [],
    includedIds: new Set(),
    idsByHeight: new Map(),
    height: 0n,
    timestamp: 0n,
    prices: genesis.prices.start,
    gasUsed: [0n, 0n, 0n],
  }
  const header = genesisHeader(genesis, stateRoot(unsealed))
  const genesisId = headerRoot(header)
  const state = { ...unsealed, genesisId, domains: signingDomains(genesis.chainId, genesisId) }
  recordBlock(state, header, [])
  return { state, header }
}

function genesisAccounts(genesis: Genesis): Map<Hex, Account> {
  const zero = { address: new Uint8Array(20), balance: 0n }
  return new Map(
    [zero, ...genesis.accounts].map((account) => [
      toHex(account.address),
      { flags: 0, delegate: 0, nonce: 0n, ...account },
    ]),
  )
}

function genesisHeader(genesis: Genesis, root: Uint8Array): Header {
  return {
    version: 1,
    chainId: genesis.chainId,
    height: 0n,
    view: 0n,
    parentId: zeroChunk,
    parentView: 0n,
    proposer: new Uint8Array(20),
    timestamp: genesis.timestamp,
    payloadRoot: payloadRoot([]),
    transactionCount: 0,
    receiptsRoot: receiptsRoot([]),
    stateRoot: root,
    sideChainRoot: zeroChunk,
    historyRoot: historyRoot([]),
    nextCommitteeHash: zeroChunk,
    consensusData: rulesHash(genesis),
    justification: new Uint8Array(0),
  }
}

/** Commits to the rules that the state does not show. */
function rulesHash({ chainId, timestamp, prices, maxRows }: Genesis): Uint8Array {
  const { start, floor, limits } = prices
  const rules = [chainId, timestamp, ...start, ...floor, ...limits, BigInt(maxRows)]
  return containerRoot(rules.map(integerChunk))
}

function checkGenesis(genesis: Genesis): void {
  const zero = toHex(new Uint8Array(20))
  const addresses = new Set([zero, ...genesis.accounts.map((account) => toHex(account.address))])
  if (addresses.size !== genesis.accounts.length + 1)
    invalid('an account occurs twice or is the zero address')
  const keys = new Set(genesis.balances.map((row) => balanceKey(row.asset, toHex(row.address))))
  if (keys.size !== genesis.balances.length) invalid('a balance occurs twice')
  if (genesis.balances.some((row) => row.asset === 0 || row.asset >= genesis.assets.length)) {
    invalid('a balance of FIG or of an unknown asset')
  }
  // Row 0 comes first, and the last account is kept for the pool of fees.
  if (genesis.accounts.length + 2 > genesis.maxRows || genesis.balances.length + 1 > genesis.maxRows) {
    invalid('more rows than there is room for')
  }
  if (genesis.prices.limits.some((limit) => limit < 2n)) invalid('a gas limit is below 2')
}

function invalid(reason: string): never {
  return fail('GenesisInvalid', { reason })
}
