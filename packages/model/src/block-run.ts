import { fromHex, type Hex, toHex } from '@banyan/base'
import { ed25519Address } from './keys.js'
import { type Layer, layerOver } from './layer.js'
import type { Receipt } from './receipt.js'
import { balanceKey, recentBlocks, type State, storedBalance, type Triple } from './state.js'
import { type Transaction, transactionId } from './transaction.js'

/** The next block while its transactions are executed. The state below stays as it is until `layer` is committed. */
export type BlockRun = {
  readonly state: State
  readonly height: bigint
  /** Heights of the blocks that a mark may name, by block id in hex. */
  readonly marks: ReadonlyMap<Hex, bigint>
  readonly layer: Layer
  /** Accounts created in this block, numbered on from those of the state. */
  readonly newAddresses: Hex[]
  readonly newNumbers: Map<Hex, number>
  readonly seenIds: Set<Hex>
  readonly receipts: Receipt[]
  gas: Triple
  /** pip */
  baseFees: bigint
  /** pip */
  tips: bigint
}

export function startRun(state: State): BlockRun {
  const newAddresses: Hex[] = []
  const newNumbers = new Map<Hex, number>()
  const layer = layerOver({
    get: (asset, address) => storedBalance(state, asset, address),
    set: (asset, address, amount) => storeBalance(state, asset, address, amount),
    // Row 0 of the balances is not in the map.
    rows: (asset) => (asset === 0 ? state.accounts.size : state.balances.size + 1),
  })
  const first = Math.max(0, state.blockIds.length - recentBlocks)
  const marks = state.blockIds.slice(first).map((id, i) => [toHex(id), BigInt(first + i)] as const)
  return {
    state,
    height: state.height + 1n,
    marks: new Map(marks),
    layer,
    newAddresses,
    newNumbers,
    seenIds: new Set(),
    receipts: [],
    gas: [0n, 0n, 0n],
    baseFees: 0n,
    tips: 0n,
  }
}

function storeBalance(state: State, asset: number, hex: Hex, amount: bigint): void {
  const row = asset === 0 ? undefined : state.balances.get(balanceKey(asset, hex))
  const account = asset === 0 ? state.accounts.get(hex) : undefined
  const address = fromHex(hex)!
  if (account !== undefined) account.balance = amount
  else if (row !== undefined) row.amount = amount
  else if (asset > 0) state.balances.set(balanceKey(asset, hex), { address, asset, amount })
  else {
    state.accounts.set(hex, { address, flags: 0, nonce: 0n, balance: amount, delegate: 0 })
    state.numbers.set(hex, state.addresses.length)
    state.addresses.push(hex)
  }
}

/** A transaction with what is derived from its bytes and the chain alone. */
export type Candidate<Type extends Transaction = Transaction> = {
  readonly transaction: Type
  readonly id: Uint8Array
  /** Who pays the fee: payer of a transfer, signer of a package. */
  readonly payer: Hex
}

export function candidateOf(state: State, transaction: Transaction): Candidate {
  return {
    transaction,
    id: transactionId(transaction, state.domains),
    payer: toHex(ed25519Address(transaction.publicKey)),
  }
}

export function addressOfNumber(run: BlockRun, number: number): Hex | undefined {
  return run.state.addresses[number] ?? run.newAddresses[number - run.state.addresses.length]
}

export function numberOfAddress(run: BlockRun, address: Hex): number | undefined {
  return run.state.numbers.get(address) ?? run.newNumbers.get(address)
}

/** Sets a FIG balance; an account that comes into being by it gets the next account number. */
export function setFig(run: BlockRun, address: Hex, amount: bigint): void {
  if (numberOfAddress(run, address) === undefined) {
    run.newNumbers.set(address, run.state.addresses.length + run.newAddresses.length)
    run.newAddresses.push(address)
  }
  run.layer.set(0, address, amount)
}
