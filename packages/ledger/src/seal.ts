import { asAddress, type Hash } from '@banyan/base'
import { appendToHistory, historyRoot, tag } from '@banyan/crypto'
import type { Header } from './block/header.js'
import type { Chain } from './chain.js'
import { type BlockExecution, writePrices } from './execute/block-execution.js'
import { nextPrices } from './execute/fees.js'
import { accountRowFor } from './state/apply.js'
import { windowBlocks } from './state/id-window.js'
import { accountRow, chainRow, recentRow } from './state/layout.js'
import type { State } from './state/state.js'
import { keyOf } from './state/state-view.js'
import { addTo, writeUint } from './state/u128.js'

/** Account that collects the base part of all fees. */
export const feePool = asAddress(tag('banyan/fees').slice(0, 20))

/** Pays out the fees of an executed block and sets the prices of the next one. Where no account can be made for the proposer, the pool gets the tips too. */
export function closeExecution(chain: Chain, block: BlockExecution): void {
  const { state } = chain
  const { proposer } = block.environment
  credit(state, feePool, block.baseFees)
  const isReachable = state.accounts.find(keyOf(proposer), 0) >= 0 || state.accounts.room() > 0
  credit(state, isReachable ? proposer : feePool, block.tips)
  writePrices(state, nextPrices(block.prices, block.used, block.rules))
  writeUint(state.chain.words, chainRow.gasUsed, 2, BigInt(block.used.compute))
  writeUint(state.chain.words, chainRow.gasUsed + 2, 2, BigInt(block.used.bytes))
  writeUint(state.chain.words, chainRow.gasUsed + 4, 2, BigInt(block.used.state))
}

const amountWords = new Uint32Array(4)

function credit(state: State, address: Uint8Array, amount: bigint): void {
  if (amount === 0n) return
  const row = accountRowFor(state, keyOf(address), 0)
  state.accounts.rows.touch(row)
  writeUint(amountWords, 0, 4, amount)
  addTo(state.accounts.rows.words, row * 16 + accountRow.balance, amountWords, 0)
}

/** Writes a block, now that its id is known, into the state's recent blocks and history. */
export function recordBlock(chain: Chain, header: Header, id: Hash): void {
  const { state, provider } = chain
  const { recent } = state
  const row = header.height % windowBlocks
  const base = row * (recentRow.bytes / 4)
  recent.touch(row)
  recent.bytes.set(id, (base + recentRow.blockId) * 4)
  recent.bytes.set(state.window.idsRoot(provider, header.height), (base + recentRow.idsRoot) * 4)
  writeUint(recent.words, base + recentRow.height, 2, BigInt(header.height))
  writeUint(recent.words, base + recentRow.timestamp, 2, header.timestamp)
  recent.words[base + recentRow.count] = state.window.countOf(header.height)
  chain.history = appendToHistory(provider, chain.history, id)
  state.chain.touch(0)
  writeUint(state.chain.words, chainRow.height, 2, BigInt(header.height))
  writeUint(state.chain.words, chainRow.timestamp, 2, header.timestamp)
  state.chain.bytes.set(historyRoot(provider, chain.history), chainRow.historyRoot * 4)
}
