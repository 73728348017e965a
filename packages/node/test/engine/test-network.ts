import { toHex } from '@banyan/base'
import type { Genesis } from '@banyan/ledger'
import type { ConsensusRules } from '@banyan/node'
import { createSimulatedDisk, type SimulatedDisk } from '@banyan/storage/simulated'
import { createRandom, type Random } from '@banyan/testing'
import { expect } from 'vitest'
import { rulesFor } from './people.js'
import { Scheduler } from './scheduler.js'
import { type NodeSettings, TestNode } from './test-node.js'

/** Nodes that are connected by messages with random delays, in virtual time under one seed. */
export class TestNetwork {
  readonly scheduler = new Scheduler()
  readonly rules: ConsensusRules
  /** What differs from the usual genesis. */
  readonly genesis: Partial<Genesis>
  readonly nodes: TestNode[] = []
  readonly random: Random
  /** Decides whether a message gets through; changed by tests. */
  passes: (from: string, to: string, bytes: Uint8Array) => boolean = () => true
  /** What arrives instead of a message; changed by tests. */
  tamper: (from: string, to: string, bytes: Uint8Array) => Uint8Array = (_from, _to, bytes) => bytes
  /** What a peer answers instead; changed by tests. */
  tamperAnswer: (
    from: string,
    parts: readonly Uint8Array[] | undefined,
  ) => readonly Uint8Array[] | undefined = (_from, parts) => parts
  delay: () => number
  /** How long the signatures of a batch take, in ms. */
  verifyMs = 1
  private readonly lastArrival = new Map<string, number>()

  constructor(seed: number, rules: ConsensusRules, genesis: Partial<Genesis> = {}) {
    this.rules = rules
    this.genesis = genesis
    this.random = createRandom(seed)
    this.delay = () => 1 + this.random.below(20)
  }

  static async start(seed: number, count = 4, changes: Partial<ConsensusRules> = {}): Promise<TestNetwork> {
    const network = new TestNetwork(seed, rulesFor(count, changes))
    for (let i = 0; i < count; i++) network.add({ name: `v${i}`, validator: i })
    for (const node of network.nodes) await network.run(node)
    return network
  }

  add(settings: NodeSettings, disk: SimulatedDisk = createSimulatedDisk()): TestNode {
    const node = new TestNode(this, this.rules, disk, settings)
    this.nodes.push(node)
    return node
  }

  node(name: string): TestNode {
    return this.nodes.find((node) => node.name === name)!
  }

  /** Starts a node and connects it with all that run, or with those of them that are given. */
  async run(node: TestNode, peers: readonly TestNode[] = this.nodes): Promise<void> {
    await node.start()
    for (const other of peers) {
      if (other === node || !other.running) continue
      await other.give({ kind: 'connected', peer: node.name })
      await node.give({ kind: 'connected', peer: other.name })
    }
  }

  async stop(node: TestNode): Promise<void> {
    if (node.running) node.stop()
    for (const other of this.nodes) {
      if (other !== node && other.running) await other.give({ kind: 'disconnected', peer: node.name })
    }
  }

  deliver(from: string, to: string, bytes: Uint8Array, channel: string): void {
    const target = this.nodes.find((node) => node.name === to)
    if (target === undefined || !this.passes(from, to, bytes)) return
    const arriving = this.tamper(from, to, bytes)
    // Messages of one channel arrive in the order in which they were sent.
    const line = `${from} ${to} ${channel}`
    const at = Math.max(this.scheduler.now + this.delay(), this.lastArrival.get(line) ?? 0)
    this.lastArrival.set(line, at)
    const { life } = target
    this.scheduler.after(at - this.scheduler.now, async () => {
      if (target.running && target.life === life)
        await target.give({ kind: 'message', peer: from, bytes: arriving })
    })
  }

  ask(
    from: TestNode,
    to: string,
    bytes: Uint8Array,
    timeoutMs: number,
    reply: (parts: readonly Uint8Array[] | undefined) => Promise<void> | void,
  ): void {
    const target = this.nodes.find((node) => node.name === to)
    let open = true
    const answer = async (parts: readonly Uint8Array[] | undefined): Promise<void> => {
      if (!open) return
      open = false
      await reply(parts)
    }
    this.scheduler.after(timeoutMs, () => answer(undefined))
    if (target === undefined || !this.passes(from.name, to, bytes)) return
    this.scheduler.after(this.delay(), async () => {
      if (!target.running) return
      await target.request(from.name, bytes, (parts) => {
        this.scheduler.after(this.delay(), () => answer(this.tamperAnswer(to, parts)))
      })
    })
  }

  /** Runs until all running nodes, or the given ones, have this height; fails after so much virtual time. */
  async reach(height: number, limit = 120_000, nodes: readonly TestNode[] = this.running()): Promise<void> {
    const reached = await this.scheduler.until(() => nodes.every((node) => node.height >= height), limit)
    expect(reached, `heights ${nodes.map((node) => `${node.name} ${node.height}`)}, wanted ${height}`).toBe(
      true,
    )
  }

  running(): readonly TestNode[] {
    return this.nodes.filter((node) => node.running)
  }

  /** No two nodes have different final blocks at one height, and every node's heights follow each other. */
  expectAgreement(): void {
    const ids = new Map<number, string>()
    for (const { finals, name } of this.nodes) {
      let before: number | undefined
      for (const { block, executed } of finals) {
        const { height } = block.header
        const known = ids.get(height)
        const id = toHex(executed.id)
        if (known !== undefined) expect(id, `${name} at height ${height}`).toBe(known)
        ids.set(height, id)
        before = height
      }
      expect(before ?? 0).toBeGreaterThanOrEqual(0)
    }
  }
}
