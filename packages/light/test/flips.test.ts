import { asAssetId } from '@banyan/base'
import type { ProofRequest } from '@banyan/light'
import { createRandom, testSeed, testTier, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import {
  createWorld,
  errorOf,
  flipped,
  noKey,
  olive,
  payee,
  payer,
  rowKey,
  sliding,
  stranger,
} from './world.js'

/** Every bit in the tier `full`, some of them on every push. */
function bitsOf(bytes: Uint8Array, name: string, onPush: number): readonly number[] {
  const all = 8 * bytes.length
  if (testTier() !== 'push' || onPush >= all) return Array.from({ length: all }, (_, bit) => bit)
  const random = createRandom(testSeed(name))
  return Array.from({ length: onPush }, () => random.below(all))
}

/** What may be said of bytes that a node has changed. */
const refusals = new Set([
  'ProofMalformed',
  'BlockMalformed',
  'ConsensusBytesMalformed',
  'ProofWrong',
  'ChainMismatch',
  'CommitteeMismatch',
  'CommitteeInvalid',
  'WeightTooLow',
  'CertificateInvalid',
  'EpochUnknown',
])

for (const [scheme, size, onPush] of [
  ['ed25519', 4, 300],
  ['BLS', 34, 25],
] as const) {
  test(`LED-7, LED-8, LED-19: no bit of a proof under ${scheme} certificates can be changed`, async () => {
    const world = createWorld(sliding(size))
    const utxo = await world.makeUtxo()
    world.extend([world.transfers(5), world.transfers(3)])
    const [id] = world.idsIn(2)
    const requests: readonly ProofRequest[] = [
      { kind: 'account', address: payer },
      { kind: 'account', address: stranger },
      { kind: 'balance', owner: payer, asset: olive },
      { kind: 'balance', owner: payee, asset: olive },
      { kind: 'storage', key: rowKey },
      { kind: 'storage', key: noKey },
      { kind: 'utxo', id: utxo },
      { kind: 'utxo', id: noKey },
      { kind: 'asset', asset: olive },
      { kind: 'asset', asset: asAssetId(9) },
      { kind: 'recent', height: 2 },
      { kind: 'chain' },
      { kind: 'receipt', id: id! },
      { kind: 'transaction', id: id! },
      { kind: 'headerField', height: 2, field: 'stateRoot' },
      { kind: 'header', height: 2 },
    ]
    for (const [i, request] of requests.entries()) {
      const proof = world.prove(request)
      const core = world.client()
      expect(errorOf(() => core.check(request, proof))).toBe('none')
      // Changed bits first: a refusal must not depend on what was seen.
      const other = world.client()
      const before = other.newest()
      for (const bit of bitsOf(proof, `${scheme} ${i}`, onPush)) {
        const refusal = errorOf(() => other.check(request, flipped(proof, bit)))
        expect(refusals, `${request.kind}, bit ${bit}: ${refusal}`).toContain(refusal)
      }
      expect(other.newest()).toBe(before)
    }
  })

  test(`CON-10, LED-19: no bit of a record of an epoch of ${scheme} members can be changed`, () => {
    const world = createWorld(sliding(size))
    const core = world.client()
    world.endEpochs(1)
    const [record] = world.records
    for (const bit of bitsOf(record!, `record ${scheme}`, 4 * onPush)) {
      const refusal = errorOf(() => core.takeEpoch(flipped(record!, bit)))
      expect(refusals, `bit ${bit}: ${refusal}`).toContain(refusal)
    }
    core.takeEpoch(record!)
  })
}

test('LED-19: no bit of a checkpoint can be changed', () => {
  const world = createWorld()
  const checkpoint = world.client().checkpoint()
  for (const bit of bitsOf(checkpoint, 'checkpoint', 300)) {
    const start = { checkpoint: flipped(checkpoint, bit) }
    expect(errorOf(() => world.client({ start }))).toBe('CheckpointInvalid')
  }
})

test('QLT-6, LED-19: bytes of any kind get typed errors', async () => {
  const world = createWorld()
  world.endEpochs(1)
  const request = { kind: 'account', address: stranger } as const
  const proof = world.prove(request)
  const [record] = world.records
  const core = world.client()
  const next = world.client()
  const random = createRandom(testSeed('bytes of any kind'))
  const change = (bytes: Uint8Array): Uint8Array => {
    const changed = random.below(8) === 0 ? random.bytes(random.below(3_000)) : Uint8Array.from(bytes)
    for (let i = random.below(4); i >= 0 && changed.length > 0; i--) {
      changed[random.below(Math.min(changed.length, 500))] = random.u32()
    }
    return changed.slice(0, random.below(4) === 0 ? random.below(changed.length + 1) : changed.length)
  }
  for (let i = 0; i < tierCount({ push: 500, full: 50_000, fuzz: 50_000 }); i++) {
    const refusal = errorOf(() => core.check(request, change(proof)))
    expect([...refusals, 'none']).toContain(refusal)
    expect(refusals).toContain(errorOf(() => next.takeEpoch(change(record!))))
    const start = { checkpoint: change(core.checkpoint()) }
    expect(['CheckpointInvalid', 'none']).toContain(errorOf(() => world.client({ start })))
  }
  expect(core.newest().height).toBeLessThanOrEqual(world.chain.head.header.height)
})
