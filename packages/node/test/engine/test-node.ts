import { BanyanError, toHex } from '@banyan/base'
import { admit, describeBatch, findInvalidSignature, restoreChain, stateView } from '@banyan/ledger'
import {
  type ChainStore,
  type ConsensusRules,
  createEngine,
  type Engine,
  type EngineEffect,
  type EngineEvent,
  type EngineOptions,
  type FinalBlock,
  Mempool,
  type NodeSigner,
  offerParts,
  openChainStore,
  openNodeSigner,
  type ProgramVersions,
  programVersions,
  rangeParts,
  type SignerKeys,
} from '@banyan/node'
import { createSimulatedDisk, type Outcome, type SimulatedDisk } from '@banyan/storage/simulated'
import { chainOptions, provider, validatorKeys } from './people.js'
import type { TestNetwork } from './test-network.js'

export type NodeSettings = {
  readonly name: string
  /** Index of the validator whose key it has; none for a node that only follows. */
  readonly validator: number | undefined
  /** Instead of the keys that go with the index. */
  readonly keys?: SignerKeys
  readonly skew?: number
  readonly snapshotEvery?: number
  readonly snapshotLag?: number
  /** Needs all blocks. */
  readonly archive?: boolean
  readonly history?: 'all' | 'recent'
  readonly repair?: boolean
  readonly elect?: EngineOptions['elect']
  readonly upgrades?: ConsensusRules['upgrades']
  readonly versions?: ProgramVersions
}

/** A node with its own disk, driven by a network in virtual time. The disk takes no time. */
export class TestNode {
  readonly settings: NodeSettings
  readonly disk: SimulatedDisk
  /** The folder of the signer's memory. */
  readonly signerDisk = createSimulatedDisk()
  readonly finals: FinalBlock[] = []
  /** Proofs of finality by the height of their block. */
  readonly proofs = new Map<number, Uint8Array>()
  readonly verdicts: { readonly peer: string; readonly verdict: string }[] = []
  readonly evidence: unknown[] = []
  engine!: Engine
  store!: ChainStore
  signer: NodeSigner | undefined
  mempool!: Mempool
  /** Of the program that the next start runs. */
  versions: ProgramVersions
  /** Why it stopped by itself, if it did. */
  stopped: BanyanError | undefined
  /** Counts the lives of the node: what belongs to an earlier one is ignored. */
  life = 0
  running = false
  /** Effects after which it dies, if any. */
  effectsLeft = Number.POSITIVE_INFINITY
  private readonly network: TestNetwork
  private readonly rules: ConsensusRules
  private readonly events: EngineEvent[] = []
  private readonly answers = new Map<number, (parts: readonly Uint8Array[] | undefined) => void>()
  private tokens = 0
  private busy = false

  constructor(network: TestNetwork, rules: ConsensusRules, disk: SimulatedDisk, settings: NodeSettings) {
    this.network = network
    this.rules = { ...rules, upgrades: settings.upgrades ?? rules.upgrades }
    this.versions = settings.versions ?? programVersions
    this.disk = disk
    this.settings = settings
  }

  get name(): string {
    return this.settings.name
  }

  get height(): number {
    return this.running ? this.engine.view().final.header.height : -1
  }

  async start(): Promise<void> {
    const { snapshotEvery = 1000, snapshotLag = 1000, history = 'all', repair = false, elect } = this.settings
    const options = chainOptions(this.rules, this.network.genesis)
    this.store = await openChainStore({
      disk: await this.disk.open(),
      chainOptions: options,
      snapshotEvery,
      keepSnapshots: 2,
      history,
      repair,
      segmentBytes: 2 ** 22,
    })
    const view = () => stateView(this.engine.view().chain.state)
    this.mempool = new Mempool(
      { maxBytes: 2 ** 26, maxPerSender: 100_000, waitBlocks: 200 },
      {
        balanceOf: (account) => view().account(account)?.balance ?? 0n,
        nonceOf: (account) => view().account(account)?.nonce ?? 0n,
      },
    )
    const { validator } = this.settings
    const keys = this.settings.keys ?? (validator === undefined ? undefined : validatorKeys(validator))
    this.signer = keys && (await this.openSigner(keys.ed25519Key))
    this.engine = createEngine({
      chain: this.store.chain,
      rules: this.rules,
      versions: this.versions,
      peerId: this.name,
      signer: keys,
      recovered: { ...this.store, memory: this.signer?.memory },
      mempool: this.mempool,
      ...(elect === undefined ? {} : { elect }),
      batchInterval: 20,
      snapshotLag: this.settings.archive === true ? undefined : snapshotLag,
    })
    this.running = true
    this.life++
    this.busy = false
    this.events.length = 0
    this.effectsLeft = Number.POSITIVE_INFINITY
    await this.give({ kind: 'start' })
  }

  /** The process ends; what the disk made durable stays. */
  stop(): void {
    this.running = false
    this.disk.kill()
    this.signerDisk.kill()
  }

  /** Power is lost: what was not synced may be gone, on both disks. */
  powerLoss(outcome: Outcome): void {
    this.disk.powerLoss(outcome)
    this.signerDisk.powerLoss(outcome)
  }

  /** The memory is made with the node's first life; whatever is missing later was lost. */
  private async openSigner(ed25519Key: Uint8Array): Promise<NodeSigner> {
    const { genesisId } = this.store.chain
    const disk = await this.signerDisk.open()
    return openNodeSigner({ disk, provider, genesisId, ed25519Key, isNew: this.life === 0 })
  }

  /** Takes a transaction in, as the API would. */
  async submit(envelope: Uint8Array): Promise<void> {
    const { chain } = this.engine.view()
    this.mempool.add(admit(chain, envelope), envelope, chain.head.header.height)
    await this.give({ kind: 'waiting' })
  }

  /** Steps the engine and carries its effects out, one after the other. */
  async give(event: EngineEvent): Promise<void> {
    this.events.push(event)
    if (this.busy || !this.running) return
    this.busy = true
    const { life } = this
    for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) {
      for (const effect of this.step(next)) {
        if (this.effectsLeft-- <= 0) this.stop()
        if (!this.running || this.life !== life) return
        await this.carryOut(effect)
      }
    }
    this.busy = false
  }

  private step(event: EngineEvent): readonly EngineEffect[] {
    try {
      return this.engine.step(event, this.network.scheduler.now + (this.settings.skew ?? 0))
    } catch (error) {
      if (!(error instanceof BanyanError) || error.kind !== 'UpgradeRequired') throw error
      this.stopped = error
      this.stop()
      return []
    }
  }

  private later(delay: number, event: () => EngineEvent | undefined): void {
    const { life } = this
    this.network.scheduler.after(delay, async () => {
      if (!this.running || this.life !== life) return
      const made = event()
      if (made !== undefined) await this.give(made)
    })
  }

  private async carryOut(effect: EngineEffect): Promise<void> {
    const { store, network } = this
    switch (effect.kind) {
      case 'store':
        return store.append(effect.block, effect.vote)
      case 'keep':
        return store.keep(effect)
      case 'vote':
        return this.signer!.vote(effect.record)
      case 'restartSigner':
        return this.signer!.restart(effect.floor)
      case 'finalize':
        this.proofs.set(effect.height, effect.proof)
        return store.finalize(effect.height, effect.id, effect.proof)
      case 'endEpoch':
        return store.endEpoch(effect.record)
      case 'forgetVotes':
        return this.signer?.forget(effect.floor)
      case 'forgetKept':
        return store.forgetKept(effect.epoch, effect.view)
      case 'send':
      case 'spread':
        for (const peer of effect.peers) network.deliver(this.name, peer, effect.bytes, effect.channel)
        return
      case 'final':
        this.finals.push(effect.final)
        return
      case 'verify': {
        const { chain } = this.engine.view()
        let described: ReturnType<typeof describeBatch> | undefined
        try {
          described = describeBatch(provider, chain.domains, effect.batch)
          if (!effect.trusted && findInvalidSignature(provider, described) >= 0) described = undefined
        } catch {
          described = undefined
        }
        this.later(network.verifyMs, () => ({ kind: 'verified', job: effect.job, described }))
        return
      }
      case 'request':
        network.ask(this, effect.peer, effect.bytes, effect.timeoutMs, (parts) =>
          this.later(0, () => ({ kind: 'answer', job: effect.job, parts })),
        )
        return
      case 'restore':
        network.ask(this, effect.peer, effect.bytes, 5000, (parts) => this.restore(effect, parts))
        return
      case 'respond':
        return this.answer(effect.token, effect.parts)
      case 'respondRange': {
        const range = await store.readRange(effect.from, effect)
        return this.answer(effect.token, range === undefined ? [] : rangeParts(range))
      }
      case 'respondOffer': {
        const height = (await store.snapshots()).at(-1)
        const range =
          height === undefined
            ? undefined
            : await store.readRange(height + 1, { maxBlocks: 1, maxBytes: 1e6 })
        return this.answer(effect.token, range === undefined ? [] : offerParts(height!, range))
      }
      case 'respondSnapshot': {
        const parts: Uint8Array[] = []
        for await (const chunk of store.readSnapshot(effect.height)) parts.push(chunk.slice())
        return this.answer(effect.token, parts)
      }
      case 'judge':
        this.verdicts.push(effect)
        return
      case 'evidence':
        this.evidence.push(effect.evidence)
        return
      case 'wake':
        this.later(effect.at - network.scheduler.now - (this.settings.skew ?? 0), () => ({ kind: 'time' }))
        return
      default:
        effect satisfies never
    }
  }

  /** A peer asks; `reply` gets the answer. */
  async request(
    peer: string,
    bytes: Uint8Array,
    reply: (parts: readonly Uint8Array[] | undefined) => void,
  ): Promise<void> {
    const token = ++this.tokens
    this.answers.set(token, reply)
    await this.give({ kind: 'request', peer, token, bytes })
  }

  private answer(token: number, parts: readonly Uint8Array[] | undefined): void {
    this.answers.get(token)?.(parts)
    this.answers.delete(token)
  }

  private async restore(
    effect: Extract<EngineEffect, { kind: 'restore' }>,
    parts: readonly Uint8Array[] | undefined,
  ): Promise<void> {
    const { life } = this
    const restored = await this.tryRestore(effect, parts)
    if (!this.running || life !== this.life) return
    if (restored !== undefined) await this.store.adopt(restored, effect.proof)
    this.later(0, () => ({ kind: 'restored', job: effect.job, chain: restored }))
  }

  private async tryRestore(
    effect: Extract<EngineEffect, { kind: 'restore' }>,
    parts: readonly Uint8Array[] | undefined,
  ) {
    if (parts === undefined) return undefined
    const { genesisId } = this.engine.view().chain
    try {
      const chain = await restoreChain(
        { ...chainOptions(this.rules, this.network.genesis), genesisId },
        parts,
      )
      const isWanted =
        toHex(chain.head.id) === toHex(effect.id) && toHex(chain.stateRoot) === toHex(effect.stateRoot)
      return isWanted ? chain : undefined
    } catch {
      return undefined
    }
  }
}
