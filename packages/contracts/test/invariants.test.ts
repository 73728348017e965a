import { asAssetId } from '@banyan/base'
import { callKeys, createOverlay, executeCall } from '@banyan/ledger'
import { createRandom, testSeed } from '@banyan/testing'
import { requestOf } from '@banyan/testing/contract-calls'
import { expect, test } from 'vitest'
import { type Chain, createAsset, createChain, host } from './support/chain.js'
import { actors, randomCalls, startRegistry } from './support/random-calls.js'

/** Amounts outside the supply: 0 if every unit of the asset is in a balance or in a UTXO. */
function unaccounted({ state }: Chain, asset: number): bigint {
  let held = 0n
  for (const account of state.accounts.values()) held += asset === 0 ? account.balance : 0n
  for (const balance of state.balances.values()) held += balance.asset === asset ? balance.amount : 0n
  for (const utxo of state.utxos.values()) held += utxo.asset === asset ? utxo.amount : 0n
  return state.assets[asset]!.supply - held
}

const neverSucceeding = [
  // A random signature is never valid; recovery needs a sequence of calls. Both have tests of their own.
  'token.permit',
  'account.finishRecovery',
]

/** Thousands of random calls; the invariants hold in between. Adds the methods that succeeded. */
function checkConservation(seed: number, succeeded: Set<string>): void {
  const chain = createChain(actors.map((actor) => [actor, 10_000n]))
  startRegistry(chain)
  const faces = [7, 5, 7].map((flags, i) => {
    const cap = (flags & 1) === 0 ? 1_000n : 50_000n
    return createAsset(chain, actors[i]!, { flags, cap })
  })
  const next = randomCalls(chain, faces, createRandom(seed).below)
  for (let i = 0; i < 2_000; i++) {
    const { label, caller, to, data, value } = next()
    if (chain.send(caller, to, data, value).success) succeeded.add(label)
    if (i % 10 === 0) chain.advance(1n)
    if (i % 50 !== 0) continue
    for (let asset = 0; asset < chain.state.assetCount(); asset++) {
      const place = `seed ${seed}, asset ${asset} after step ${i}: ${label}`
      const { supply, cap } = chain.state.asset(asAssetId(asset))!
      expect(unaccounted(chain, asset), place).toBe(0n)
      expect(supply <= cap, place).toBe(true)
    }
  }
  expect(chain.uncovered, `seed ${seed}: declared keys cover what calls touch`).toEqual([])
}

test('LED-10, CTR-2, QLT-4: balances and UTXOs add up to the supply, and keys cover every call', () => {
  const succeeded = new Set<string>()
  for (const name of ['first', 'second', 'third'])
    checkConservation(testSeed(`conservation ${name}`), succeeded)
  const methods = host.collection.contracts.flatMap((contract) =>
    Object.keys(contract.methods).map((method) => `${contract.name}.${method}`),
  )
  const missing = methods.filter((method) => !succeeded.has(method) && !neverSucceeding.includes(method))
  expect(missing, 'methods that no random call could carry out').toEqual([])
})

test('LED-12: equal calls on equal states give equal results, and no call depends on what is not declared', () => {
  const chain = createChain(actors.map((actor) => [actor, 10_000n]))
  startRegistry(chain)
  const faces = [createAsset(chain, actors[0]!)]
  const next = randomCalls(chain, faces, createRandom(testSeed('equal calls')).below)
  for (let i = 0; i < 400; i++) {
    const call = next()
    const request = requestOf({ ...call, block: chain.block })
    const [first, second] = [createOverlay(chain.state), createOverlay(createOverlay(chain.state))]
    expect(executeCall(host, first, request)).toEqual(executeCall(host, second, request))
    expect(first.writeSet()).toEqual(second.writeSet())
    expect([...first.access.written].map(String)).toEqual([...second.access.written])
    expect(callKeys(host, request)).toEqual(callKeys(host, request))
    chain.state.apply(first.writeSet())
  }
})
