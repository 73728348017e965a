import { asAddress, type Hash, toHex } from '@banyan/base'
import { type Chain, createChain, createOverlay, declaredKeyKinds, stateView } from '@banyan/ledger'
import { expect, test } from 'vitest'
import * as S from './small-chain.js'

/** A chain on which alice and bob have four UTXOs each. `runs` gets the sizes of the groups of every run. */
function chainWithUtxos(): { readonly chain: Chain; readonly runs: number[][] } {
  const runs: number[][] = []
  const chain = createChain({
    genesis: S.genesis,
    provider: S.provider,
    collection: S.collection,
    runGroups: () => (_environment, _view, groups) => {
      runs.push(groups.map(({ length }) => length))
      return groups.map(() => ({ results: [], needsSerial: true }))
    },
  })
  const calls = [1n, 2n, 3n, 4n].map((amount) => S.callRules('mint', { amount }))
  S.addBlock(
    chain,
    [S.alice, S.bob].map((key) => S.nativeCall(chain, { keys: [key], calls })),
  )
  return { chain, runs }
}

const listOf = (chain: Chain, key: number): readonly Hash[] =>
  stateView(chain.state).utxosOf(S.addressOf(key), 9)

test('LED-10: the neighbours of a UTXO are those in the list of its owner, in the state and above it', () => {
  const { chain } = chainWithUtxos()
  const state = stateView(chain.state)
  const overlay = createOverlay(state)
  const owner = S.addressOf(S.alice)
  const ids = [...state.utxosOf(owner, 9)]
  expect(ids.map((id) => state.utxo(id)!.amount)).toEqual([4n, 3n, 2n, 1n])
  const expectList = (view: typeof state) => {
    expect(view.newestUtxo(owner)).toEqual(ids[0])
    for (const [i, id] of ids.entries()) {
      expect(view.utxoNeighbours(id)).toEqual({ newer: ids[i - 1], older: ids[i + 1] })
    }
    expect(view.utxosOf(owner, 9)).toEqual(ids)
    expect(view.account(owner)!.utxoCount).toBe(ids.length)
  }
  expectList(state)
  expectList(overlay)
  for (const place of [1, 2, 0, 0]) {
    overlay.spendUtxo(ids[place]!)
    ids.splice(place, 1)
    expectList(overlay)
    expectList(createOverlay(overlay))
  }
  expect(state.newestUtxo(S.filled(1))).toBeUndefined()
})

test('LED-12: a declared UTXO that exists stands for the list of its owner', () => {
  const { chain, runs } = chainWithUtxos()
  const spend = (key: number, id: Hash) =>
    S.nativeCall(chain, {
      keys: [key],
      calls: [S.callRules('spend', { id: toHex(id) })],
      accessKeys: [
        { kind: declaredKeyKinds.utxo, write: true, owner: asAddress(new Uint8Array(20)), key: id },
      ],
    })
  const [first, second, third] = listOf(chain, S.alice)
  const [bobs] = listOf(chain, S.bob)
  S.addBlock(chain, [spend(S.alice, first!), spend(S.bob, second!)])
  expect(runs, 'of one owner: one group').toEqual([])
  const block = S.addBlock(chain, [spend(S.alice, third!), spend(S.bob, bobs!)])
  expect(runs, 'of two owners').toEqual([[1, 1]])
  expect(S.receiptsOf(block).map(({ status }) => status)).toEqual(['success', 'success'])
})
