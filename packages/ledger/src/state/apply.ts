import { type Address, assert, type Hash, utf8 } from '@banyan/base'
import { accountRow, assetRow, balanceRow, storageRow, utxoRow } from './layout.js'
import type { State } from './state.js'
import { balanceKey, keyOf } from './state-view.js'
import { writeUint } from './u128.js'
import type { Asset, Utxo, WriteSet } from './view.js'

/** Writes what a call changed into the rows, in the order in which the call changed it. */
export function applyWriteSet(state: State, writes: WriteSet): void {
  for (const { address, account } of writes.accounts) {
    const row = accountRowFor(state, keyOf(address), 0)
    const { words } = state.accounts.rows
    const base = row * 16
    state.accounts.rows.touch(row)
    words[base + accountRow.flags] = account.flags
    writeUint(words, base + accountRow.nonce, 2, account.nonce)
    writeUint(words, base + accountRow.balance, 4, account.balance)
    words[base + accountRow.delegate] = account.delegate
  }
  for (const { owner, asset, amount } of writes.balances) {
    const row = balanceRowFor(state, balanceKey(owner, asset), 0)
    state.balances.rows.touch(row)
    writeUint(state.balances.rows.words, row * 16 + balanceRow.balance, 4, amount)
  }
  for (const { contract, key, value } of writes.storage) writeStorage(state, contract, key, value)
  for (const { id, utxo } of writes.utxos) {
    if (utxo === null) removeUtxo(state, id)
    else insertUtxo(state, utxo)
  }
  for (const { id, asset } of writes.assets) {
    while (state.assets.length <= id) state.assets.append()
    writeAsset(state, id, asset)
  }
}

/** Row of an account, made if it is absent. The key is five words at `key[offset…]`. */
export function accountRowFor(state: State, key: Uint32Array, offset: number): number {
  const row = state.accounts.find(key, offset)
  return row >= 0 ? row : state.accounts.insert(key, offset)
}

/** Row of a balance, made if it is absent. The key is six words at `key[offset…]`. */
function balanceRowFor(state: State, key: Uint32Array, offset: number): number {
  const row = state.balances.find(key, offset)
  return row >= 0 ? row : state.balances.insert(key, offset)
}

function writeStorage(state: State, contract: Address, key: Hash, value: Uint8Array | null): void {
  const { storage } = state
  const words = keyOf(key)
  let row = storage.find(words, 0)
  if (value === null) {
    if (row >= 0) storage.remove(row)
    return
  }
  if (row < 0) row = storage.insert(words, 0)
  const { rows } = storage
  rows.touch(row)
  const start = row * storageRow.bytes
  rows.bytes.set(contract, start + storageRow.contract * 4)
  rows.words[row * rows.rowWords + storageRow.length] = value.length
  rows.bytes.fill(0, start + storageRow.value * 4, start + storageRow.bytes)
  rows.bytes.set(value, start + storageRow.value * 4)
}

/** New UTXOs become the head of their owner's list. */
function insertUtxo(state: State, utxo: Utxo): void {
  const owner = accountRowFor(state, keyOf(utxo.owner), 0)
  const row = state.utxos.insert(keyOf(utxo.id), 0)
  const { words, bytes, rowWords } = state.utxos.rows
  const base = row * rowWords
  bytes.set(utxo.owner, (base + utxoRow.owner) * 4)
  words[base + utxoRow.asset] = utxo.asset
  writeUint(words, base + utxoRow.amount, 4, utxo.amount)
  writeUint(words, base + utxoRow.height, 2, utxo.height)
  const account = owner * 16
  state.accounts.rows.touch(owner)
  const head = state.accounts.rows.words[account + accountRow.firstUtxo]!
  words[base + utxoRow.ownerNext] = head
  if (head !== 0) {
    state.utxos.rows.touch(head)
    words[head * rowWords + utxoRow.ownerPrevious] = row
  }
  state.accounts.rows.words[account + accountRow.firstUtxo] = row
  state.accounts.rows.words[account + accountRow.utxoCount]!++
}

function removeUtxo(state: State, id: Hash): void {
  const row = state.utxos.find(keyOf(id), 0)
  assert(row >= 0, 'a spent UTXO is present')
  const { words, bytes, rowWords } = state.utxos.rows
  const base = row * rowWords
  const ownerStart = (base + utxoRow.owner) * 4
  const owner = state.accounts.find(keyOf(bytes.subarray(ownerStart, ownerStart + 20)), 0)
  assert(owner >= 0, 'the owner of a UTXO has an account row')
  const next = words[base + utxoRow.ownerNext]!
  const previous = words[base + utxoRow.ownerPrevious]!
  state.accounts.rows.touch(owner)
  const accountWords = state.accounts.rows.words
  if (previous === 0) accountWords[owner * 16 + accountRow.firstUtxo] = next
  else {
    state.utxos.rows.touch(previous)
    words[previous * rowWords + utxoRow.ownerNext] = next
  }
  if (next !== 0) {
    state.utxos.rows.touch(next)
    words[next * rowWords + utxoRow.ownerPrevious] = previous
  }
  accountWords[owner * 16 + accountRow.utxoCount]!--
  state.utxos.remove(row)
}

function writeAsset(state: State, id: number, asset: Asset): void {
  const { assets } = state
  assets.touch(id)
  const base = id * (assetRow.bytes / 4)
  const { words, bytes } = assets
  bytes.set(asset.issuer, base * 4)
  words[base + assetRow.flags] = asset.flags
  words[base + assetRow.decimals] = asset.decimals
  writeUint(words, base + assetRow.supply, 4, asset.supply)
  writeUint(words, base + assetRow.cap, 4, asset.cap)
  bytes.set(asset.metadataHash, (base + assetRow.metadataHash) * 4)
  writeText(bytes, (base + assetRow.name) * 4, asset.name)
  writeText(bytes, (base + assetRow.symbol) * 4, asset.symbol)
}

function writeText(bytes: Uint8Array, start: number, text: string): void {
  const encoded = utf8(text)
  assert(encoded.length <= 32, 'names and symbols have at most 32 bytes')
  bytes.fill(0, start, start + 32)
  bytes.set(encoded, start)
}
