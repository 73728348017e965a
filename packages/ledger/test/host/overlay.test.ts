import { type Address, asAssetId, asHeight, type Hash, toHex } from '@banyan/base'
import { createOverlay, type Overlay, type StateView, type Utxo } from '@banyan/ledger'
import { createRandom, testSeed } from '@banyan/testing'
import { addressOf, figAsset, fundedState, hashOfNumber } from '@banyan/testing/contract-calls'
import { expect, test } from 'vitest'

const owners = [1, 2, 3].map(addressOf)
const asset = asAssetId(1)

const utxoOf = (id: Hash, owner: Address): Utxo => ({ id, owner, asset, amount: 5n, height: asHeight(1n) })

/** What a view shows of everything the test may touch. */
function shown(view: StateView, ids: readonly Hash[], keys: readonly Hash[]) {
  return {
    accounts: owners.map((owner) => view.account(owner)),
    balances: owners.map((owner) => view.balance(owner, asset)),
    rows: keys.map((key) => view.storage(key)),
    utxos: ids.map((id) => view.utxo(id)),
    lists: owners.map((owner) => view.utxosOf(owner, 4).map(toHex)),
    newest: owners.map((owner) => view.newestUtxo(owner)),
    links: owners.flatMap((owner) => view.utxosOf(owner, 99)).map((id) => view.utxoNeighbours(id)),
    assets: [view.assetCount(), view.asset(asAssetId(1))],
  }
}

function change(overlay: Overlay, pick: (bound: number) => number, ids: Hash[], keys: readonly Hash[]): void {
  const owner = owners[pick(3)]!
  const action = pick(6)
  if (action === 0) overlay.setAccount(owner, { nonce: 1n, balance: BigInt(pick(99)), flags: 0, delegate: 0 })
  if (action === 1) overlay.setBalance(owner, asset, BigInt(pick(3)))
  if (action === 2)
    overlay.setStorage(owner, keys[pick(4)]!, pick(2) === 0 ? null : Uint8Array.of(pick(9) + 1))
  if (action === 3) {
    const id = hashOfNumber(1_000 + ids.length)
    ids.push(id)
    overlay.createUtxo(utxoOf(id, owner))
  }
  if (action === 4) {
    const listed = overlay.utxosOf(owner, 4)
    if (listed.length > 0) overlay.spendUtxo(listed[pick(listed.length)]!)
  }
  if (action === 5 && overlay.assetCount() < 3) overlay.createAsset(figAsset)
}

test('LED-12: a write set applied to the base shows what the overlay showed, for any sequence of checkpoints', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const pick = createRandom(testSeed(`overlay ${seed}`)).below
    const base = fundedState([[owners[0]!, 50n]])
    const ids: Hash[] = []
    const keys = [1, 2, 3, 4].map(hashOfNumber)
    for (let round = 0; round < 3; round++) {
      const overlay = createOverlay(base)
      const undone: (ReturnType<typeof shown> | undefined)[] = []
      for (let step = 0; step < 40; step++) {
        const action = pick(8)
        if (action === 0) {
          undone.push(shown(overlay, ids, keys))
          overlay.begin()
        } else if (action === 1 && undone.length > 0) {
          overlay.commit()
          undone.pop()
        } else if (action === 2 && undone.length > 0) {
          overlay.revert()
          const { utxos, ...rest } = undone.pop()!
          const now = shown(overlay, ids.slice(0, utxos.length), keys)
          expect(now, `seed ${seed}`).toEqual({ utxos, ...rest })
        } else change(overlay, pick, ids, keys)
      }
      while (undone.pop() !== undefined) overlay.commit()
      const before = shown(overlay, ids, keys)
      const stacked = shown(createOverlay(overlay), ids, keys)
      expect(stacked, `seed ${seed}`).toEqual(before)
      base.apply(overlay.writeSet())
      expect(shown(base, ids, keys), `seed ${seed}`).toEqual(before)
    }
  }
})

test('LED-12: reads and writes are tracked by key, also those of a reverted checkpoint', () => {
  const overlay = createOverlay(fundedState([]))
  const [alice] = owners as [Address]
  const id = hashOfNumber(5)
  overlay.begin()
  overlay.utxo(id)
  overlay.createUtxo(utxoOf(id, alice))
  overlay.revert()
  overlay.balance(alice, asset)
  overlay.storage(hashOfNumber(6))
  overlay.asset(asset)
  overlay.assetCount()
  const hex = toHex(alice).slice(2)
  const utxoKey = `u:${toHex(id).slice(2)}`
  expect([...overlay.access.written].sort()).toEqual([`a:${hex}`, `l:${hex}`, utxoKey].sort())
  expect([...overlay.access.read].sort()).toEqual(
    [utxoKey, `a:${hex}`, `b:${hex}:1`, `s:${toHex(hashOfNumber(6)).slice(2)}`, 'x:1', 'n:'].sort(),
  )
  expect(overlay.writeSet()).toEqual({ accounts: [], balances: [], storage: [], utxos: [], assets: [] })
})

test('LED-14: created rows are counted by kind, deleted and re-used ones are not', () => {
  const base = fundedState([[owners[0]!, 1n]])
  const overlay = createOverlay(base)
  const counted: number[][] = []
  const step = (act: () => void): void => {
    act()
    const { accounts, balances, storage, utxos, assets } = overlay.createdRows()
    counted.push([accounts, balances, storage, utxos, assets])
  }
  step(() => overlay.setAccount(owners[0]!, { nonce: 0n, balance: 2n, flags: 0, delegate: 0 }))
  step(() => overlay.setAccount(owners[1]!, { nonce: 0n, balance: 2n, flags: 0, delegate: 0 }))
  step(() => overlay.setBalance(owners[1]!, asset, 1n))
  step(() => overlay.setStorage(owners[1]!, hashOfNumber(1), Uint8Array.of(1)))
  step(() => overlay.createUtxo(utxoOf(hashOfNumber(2), owners[1]!)))
  step(() => overlay.createAsset(figAsset))
  step(() => overlay.spendUtxo(hashOfNumber(2)))
  step(() => overlay.setStorage(owners[1]!, hashOfNumber(1), null))
  expect(counted).toEqual([
    [0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0],
    [1, 1, 0, 0, 0],
    [1, 1, 1, 0, 0],
    [1, 1, 1, 1, 0],
    [1, 1, 1, 1, 1],
    [1, 1, 1, 0, 1],
    [1, 1, 0, 0, 1],
  ])
})

test('LED-14: the row of a balance is counted when it comes into being, be its amount zero or not', () => {
  const base = fundedState([[owners[0]!, 1n]])
  const emptied = [{ owner: owners[0]!, asset, amount: 0n }]
  base.apply({ accounts: [], balances: emptied, storage: [], utxos: [], assets: [] })
  const overlay = createOverlay(base)
  overlay.setBalance(owners[0]!, asset, 5n)
  expect(overlay.createdRows().balances).toBe(0)
  overlay.setBalance(owners[1]!, asset, 5n)
  overlay.setBalance(owners[1]!, asset, 0n)
  expect(overlay.createdRows().balances).toBe(1)
  expect(createOverlay(overlay).hasBalance(owners[1]!, asset)).toBe(true)
  expect(overlay.hasBalance(owners[2]!, asset)).toBe(false)
})

test('QLT-6: what a spend reads below does not grow with the spends before it', () => {
  const owner = owners[0]!
  const count = 400
  const ids = Array.from({ length: count }, (_, i) => hashOfNumber(i + 1))
  const utxos = ids.map((id) => ({ id, utxo: utxoOf(id, owner) }))
  const state = fundedState([[owner, 1n]])
  state.apply({ accounts: [], balances: [], storage: [], utxos, assets: [] })
  let reads = 0
  const base: StateView = {
    ...state,
    utxosOf: (...args) => {
      const found = state.utxosOf(...args)
      reads += found.length
      return found
    },
    utxoNeighbours: (id) => {
      reads++
      return state.utxoNeighbours(id)
    },
  }
  const overlay = createOverlay(base)
  // Two that stay at the head, so that what is spent lies between what is listed.
  for (let i = count - 3; i >= 0; i--) {
    const listed = overlay.utxosOf(owner, 3)
    expect(listed.map(toHex)).toEqual([ids[count - 1]!, ids[count - 2]!, ids[i]!].map(toHex))
    overlay.spendUtxo(ids[i]!)
  }
  expect(overlay.account(owner)?.utxoCount).toBe(2)
  expect(reads).toBeLessThan(6 * count)
})
