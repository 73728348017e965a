import { toHex } from '@banyan/base'
import { blockId } from '@banyan/ledger'
import { type EngineEffect, waitsForDisk, writesToDisk } from '@banyan/node'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { submitMany } from './load.js'
import { TestNetwork } from './test-network.js'

/** Runs a network through some epochs; the effects of its first node in their order. */
async function effectsOf(title: string): Promise<readonly EngineEffect[]> {
  const network = await TestNetwork.start(testSeed(title), 4, { epochBlocks: 5 })
  // Others have to ask the first node for its batches.
  const batchKind = 4
  network.passes = (from, _to, bytes) => from !== 'v0' || bytes[0] !== batchKind || bytes.length < 150
  const effects: EngineEffect[] = []
  const { engine } = network.nodes[0]!
  network.nodes[0]!.engine = {
    ...engine,
    step: (event, now) => {
      const made = engine.step(event, now)
      effects.push(...made)
      return made
    },
  }
  await submitMany(network, 20, 20)
  await network.reach(17)
  return effects
}

test('CON-1: a vote rests on what is durable before it: its block, and the notarization to finalize it (P1, P4)', async () => {
  const effects = await effectsOf('order of effects')
  const stored = new Set<unknown>()
  const kept = new Set<string>()
  let votes = 0
  for (const effect of effects) {
    if (effect.kind === 'store') stored.add(toHex(blockId(effect.block.header)))
    if (effect.kind === 'keep') kept.add(`${effect.epoch}/${effect.view}`)
    if (effect.kind !== 'vote') continue
    const { epoch, view, notarized, finalized } = effect.record
    if (epoch === 0 && view === 1) continue
    if (notarized !== undefined) expect(stored.has(toHex(notarized))).toBe(true)
    if (finalized === undefined) continue
    votes++
    expect(stored.has(toHex(finalized))).toBe(true)
    expect([...kept]).toContain(`${epoch}/${view}`)
  }
  expect(votes).toBeGreaterThan(10)
})

test('CON-1: votes wait for the writes before them, and what leaves waits for votes', async () => {
  const effects = await effectsOf('waiting effects')
  const kinds = (does: (effect: EngineEffect) => boolean) =>
    [...new Set(effects.filter(does).map(({ kind }) => kind))].sort()
  expect(kinds(writesToDisk)).toEqual(['endEpoch', 'finalize', 'keep', 'store', 'vote'])
  expect(kinds(waitsForDisk)).toEqual(['final', 'forgetKept', 'forgetVotes', 'respond', 'send', 'vote'])
})

test('CON-1: what is over is forgotten, in every epoch, and nothing is signed there afterwards', async () => {
  const effects = await effectsOf('forgotten views')
  const isOver = (at: { readonly epoch: number; readonly view: number }, floor: typeof at) =>
    at.epoch < floor.epoch || (at.epoch === floor.epoch && at.view <= floor.view)
  let floor = { epoch: 0, view: 0 }
  const epochs = new Set<number>()
  for (const effect of effects) {
    if (effect.kind === 'vote') expect(isOver(effect.record, floor)).toBe(false)
    if (effect.kind === 'forgetKept') expect(effect).toMatchObject(floor)
    if (effect.kind !== 'forgetVotes') continue
    expect(isOver(effect.floor, floor)).toBe(false)
    floor = effect.floor
    epochs.add(floor.epoch)
  }
  expect([...epochs].slice(0, 3)).toEqual([0, 1, 2])
})
