import {
  type Asset,
  type Batch,
  createModel,
  ed25519Address,
  type Genesis,
  type Model,
  type Package,
  pausedFlag,
  policyFlag,
  type Transaction,
  type Transfer,
} from '@banyan/model'

/** Keys 1 to 4 own accounts 1 to 4; keys from 5 on have none. */
export const key = (number: number) => new Uint8Array(32).fill(number)
export const address = (number: number) => ed25519Address(key(number))
export const proposer = new Uint8Array(20).fill(0xee)
export const fig = 10n ** 18n
export const maxAmount = 2n ** 128n - 1n

const asset = (symbol: string, flags: number): Asset => ({
  issuer: address(1),
  flags,
  decimals: 2,
  supply: 1_000n,
  cap: maxAmount,
  metadataHash: new Uint8Array(32),
  name: symbol,
  symbol,
})

/** Account 3 delegates to account 1, account 4 has a policy; asset 1 is usual, 2 paused, 3 held by account 1 alone. */
export const genesis: Genesis = {
  chainId: 7n,
  timestamp: 1_000n,
  prices: {
    start: [2_000_000n, 1_000_000n, 3_000_000n],
    floor: [1_000n, 1_000n, 0n],
    limits: [10n ** 9n, 10n ** 9n, 10n ** 9n],
  },
  accounts: [
    { address: address(1), balance: 10n * fig },
    { address: address(2), balance: 5n * fig },
    { address: address(3), balance: fig, delegate: 1 },
    { address: address(4), balance: fig, flags: policyFlag },
  ],
  assets: [asset('FIG', 0), asset('USUAL', 0), asset('PAUSED', pausedFlag), asset('HUGE', 0)],
  balances: [
    { address: address(1), asset: 1, amount: 600n },
    { address: address(3), asset: 1, amount: 400n },
    { address: address(1), asset: 2, amount: 1n },
    { address: address(1), asset: 3, amount: maxAmount },
  ],
  maxRows: 1_000,
}

export function smallChain(changes: Partial<Genesis> = {}): Model {
  return createModel({ ...genesis, ...changes })
}

let nonce = 0n
const common = (model: Model) => ({
  publicKey: key(1),
  mark: model.state.blockIds.at(-1)!,
  nonce: nonce++,
  validUntil: model.state.height + 1n,
  asset: 0,
  maxFee: 1_000_000,
  tip: 0,
  signature: new Uint8Array(64),
})

export function transfer(model: Model, fields: Partial<Omit<Transfer, 'kind'>> = {}): Transfer {
  return { kind: 'transfer', ...common(model), payee: address(2), amount: 1n, ...fields }
}

export function pack(model: Model, fields: Partial<Omit<Package, 'kind'>>): Package {
  return { kind: 'package', ...common(model), atomic: true, items: [], ...fields }
}

/** Executes a block with each transaction in a batch of its own. */
export function execute(model: Model, ...transactions: readonly Transaction[]) {
  const batches = transactions.map(
    (transaction): Batch => ({
      kind: transaction.kind === 'transfer' ? 0 : 1,
      transactions: [transaction],
    }),
  )
  return model.execute({
    view: model.state.height + 1n,
    parentView: model.state.height,
    proposer,
    timestamp: model.state.timestamp + 1n,
    sideChainRoot: new Uint8Array(32),
    nextCommitteeHash: new Uint8Array(32),
    consensusData: new Uint8Array(0),
    justification: new Uint8Array(0),
    batches,
  })
}
