import type { Vote } from '@banyan/consensus'
import { createRandom } from '@banyan/testing'
import { createAttack } from '../adversary/attack.js'
import { forgeCertificate } from '../adversary/forgery.js'
import { blockIdOf } from '../core/blocks.js'
import { createCluster, mockCommittee } from '../core/cluster.js'
import { sizeOf } from '../oracle/size.js'
import { drawPace, goodQuality } from './setting.js'

const members = 4
const target = 1

/**
 * One faulty member of four sends `count` messages that mean nothing to one honest member, while the chain goes on:
 * votes for near, far and past views and for blocks that nobody has made, certificates, proposals and questions. The
 * size of what that member's core holds afterwards, and of the largest view that became final.
 */
export function runFlood(count: number): { readonly size: number; readonly finalView: number } {
  const random = createRandom(1)
  const committee = mockCommittee(Array<number>(members).fill(1))
  const timing = { delta: 100, interval: 0, heartbeat: 400 }
  const leaderOf = (view: number): number => view % members
  const cluster = createCluster({
    random,
    committee,
    leaderOf,
    timing,
    faulty: new Set([0]),
    twins: [],
    observer: false,
    quality: goodQuality(timing.delta),
    clock: () => ({ local: Math.floor, moment: Math.ceil }),
    pace: () => drawPace(random, 5),
  })
  const { mock, blocks, schedule, verdict, hosts } = cluster
  const attack = createAttack({
    random,
    committee,
    mock,
    blocks,
    leaderOf,
    members: [0],
    sides: [[1, 2], [3]],
    chosen: new Set(),
    timing,
    schedule,
    send: cluster.sendFaulty,
  })
  const send = (vote: Vote): void => {
    cluster.sendFaulty(0, target, { kind: 'vote', vote: attack.sign(0, vote) })
  }

  function harass(i: number): void {
    const view = hosts[target]!.finalView()
    const blockId = blockIdOf(1_000_000 + i)
    send({ kind: 'notarize', view: view + 1 + (i % 300), blockId })
    send({ kind: 'finalize', view: view + 40, blockId })
    send({ kind: 'finalize', view: 2 ** 40 + i, blockId })
    send({ kind: 'nullify', view: Math.max(1, view - (i % 100)) })
    const certificate = forgeCertificate(attack, { kind: 'nullify', view: view + i })
    cluster.sendFaulty(0, target, { kind: 'certificate', certificate })
    cluster.sendFaulty(0, target, { kind: 'ask', fromView: i % 50 })
    const later = view + (i % 200)
    const fields = { height: 1, parentId: blocks.start.id, parentView: 0, proposer: leaderOf(later) }
    const justification = { parent: undefined, skipped: [] }
    const block = blocks.create({ ...fields, view: later, justification })
    const vote = attack.sign(0, { kind: 'notarize', view: later, blockId: block.id })
    cluster.sendFaulty(0, target, { kind: 'proposal', block, vote })
  }

  cluster.start()
  for (let i = 0; i < count; i++) schedule.at(500 + i * 2, () => harass(i))
  schedule.run(
    500 + count * 2 + 20 * timing.delta,
    Number.MAX_SAFE_INTEGER,
    () => verdict.failures.length > 0,
  )
  if (verdict.failures.length > 0) throw new Error(verdict.failures[0])
  const { options, ...state } = hosts[target]!.core()
  return {
    size: sizeOf({ ...state, options: options.signer?.memory }),
    finalView: hosts[target]!.finalView(),
  }
}
