import { asAssetId } from '@banyan/base'
import { createChain, finalize, finalView, rollback, type StateView, stateView } from '@banyan/ledger'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { chainOptions, follow, makeBlocks, people } from './small-chain.js'

/** Everything that a view says about what the small chain touches. */
function summary(view: StateView): unknown {
  const assets = Array.from({ length: view.assetCount() + 1 }, (_, i) => asAssetId(i))
  return people.map((owner) => {
    const utxos = view.utxosOf(owner, 100)
    return [
      view.account(owner),
      view.accountNumber(owner),
      utxos.map((id) => [view.utxo(id), view.utxoNeighbours(id)]),
      view.newestUtxo(owner),
      assets.map((asset) => [view.asset(asset), view.balance(owner, asset), view.hasBalance(owner, asset)]),
    ]
  })
}

test('LED-16: the final state can be read below blocks that are not final', () => {
  const random = createRandom(testSeed('final views'))
  const made = makeBlocks(40)
  const chain = createChain(chainOptions)
  const reference = createChain(chainOptions)
  const seen = new Set<string>()
  for (let round = 0; round < tierCount({ push: 200, full: 4000, fuzz: 500 }); round++) {
    const { height } = chain.head.header
    if (random.below(3) === 0 && chain.earlier.length > 0) rollback(chain)
    else if (height < made.length) follow(chain, made[height]!)
    const final = chain.head.header.height - random.below(8)
    if (random.below(4) === 0) finalize(chain, final)
    const base = chain.head.header.height - chain.earlier.length
    while (reference.head.header.height < base) follow(reference, made[reference.head.header.height]!)
    expect(summary(finalView(chain.state))).toEqual(summary(stateView(reference.state)))
    // Outputs that blocks above have spent or made.
    const view = finalView(chain.state)
    const now = stateView(chain.state)
    for (const owner of people) {
      for (const id of [...now.utxosOf(owner, 100), ...view.utxosOf(owner, 100)]) {
        expect(view.utxo(id)).toEqual(stateView(reference.state).utxo(id))
        if ((view.utxo(id) === undefined) !== (now.utxo(id) === undefined)) seen.add('differs')
      }
    }
  }
  expect(seen.size).toBe(1)
})
