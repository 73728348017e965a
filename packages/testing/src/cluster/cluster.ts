import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@banyan/node/child'
import type { NetworkPlan } from '@banyan/node/program'
import { folderOf, type Layout, layOut, type Place } from './layout.js'
import { directLinks, type Links, proxiedLinks } from './links.js'
import { type Exit, type NodeProcess, type ReadyLine, startNodeProcess } from './node-process.js'

export type ClusterOptions = {
  readonly validators: number
  /** Nodes that only follow, numbered after the validators: for each the nodes that it dials. */
  readonly observers?: Layout['observers']
  readonly accounts: NetworkPlan['accounts']
  readonly plan?: Partial<NetworkPlan>
  /** More flags of `banyan-node run`, for all nodes. */
  readonly flags?: readonly string[]
  /** More variables of the environment, asked for whenever a node starts. */
  readonly environment?: (index: number) => Readonly<Record<string, string>>
  /** Numbers from 0 up to 1; where they are given, every way between two nodes can be cut. */
  readonly faults?: () => number
  /** Called with the folder of every node before anything is in it; what it returns is called before that is removed. */
  readonly prepare?: (index: number, folder: string) => Promise<(() => void) | undefined>
}

/** One life of a node. */
export type RunningNode = ReadyLine & { readonly index: number; readonly process: NodeProcess }

/** A time in which a node was not as it should be: gone, or cut off. In ms of `Date.now`. */
export type Disturbance = { readonly node: number; readonly from: number; to: number }

/** Processes of `banyan-node` that are a network. They die with this process. */
export type Cluster = {
  /** Genesis, and a folder `node-<i>` for each node with its keys, its data and all its output in `node.log`. */
  readonly folder: string
  /** Nodes, observers included. */
  readonly size: number
  readonly running: () => readonly RunningNode[]
  readonly node: (index: number) => RunningNode
  /** Resolves when it is ready. Rejects with its output if it ends before. */
  readonly start: (index: number) => Promise<RunningNode>
  /** Ends it at once, as a crash would. */
  readonly kill: (index: number) => Promise<void>
  /** Asks it to stop. */
  readonly stop: (index: number) => Promise<Exit>
  /** Waits until it ends by itself. */
  readonly ended: (index: number) => Promise<Exit & { readonly output: string }>
  readonly partition: (groups: readonly (readonly number[])[]) => void
  readonly heal: () => void
  readonly disturbances: readonly Disturbance[]
  /** Ends everything, and removes the folder unless it is to be kept for a look at it. */
  readonly close: (keep?: boolean) => Promise<void>
}

const plan: NetworkPlan = {
  chainId: 7001,
  blockInterval: 200,
  heartbeat: 400,
  networkDelay: 750,
  epochBlocks: 10_000,
  quorumRule: 'byzantine',
  schedule: 'roundRobin',
  registryOwner: undefined,
  accounts: [],
}

/** Makes a network and starts all its nodes. What was started is ended again if one of them cannot start. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const cluster = await makeCluster(options)
  try {
    await Promise.all(Array.from({ length: cluster.size }, (_, index) => cluster.start(index)))
    return cluster
  } catch (error) {
    await cluster.close()
    throw error
  }
}

async function makeCluster(options: ClusterOptions): Promise<Cluster> {
  const { validators, observers = [], accounts, prepare } = options
  const size = validators + observers.length
  const folder = await mkdtemp(join(tmpdir(), 'banyan-cluster-'))
  const dispose: (() => void)[] = []
  for (let index = 0; index < size; index++) {
    const undo = await prepare?.(index, folderOf(folder, index))
    if (undo !== undefined) dispose.push(undo)
  }
  const places = await layOut(folder, { ...plan, ...options.plan, accounts }, { validators, observers })
  const ports = await freePorts(size)
  const links = await (options.faults === undefined
    ? directLinks(ports)
    : proxiedLinks(ports, options.faults))
  const nodes = new Map<number, RunningNode>()
  const processes = new Set<NodeProcess>()
  const disturbances: Disturbance[] = []
  const disturb = (node: number): void => {
    disturbances.push({ node, from: Date.now(), to: Number.POSITIVE_INFINITY })
  }
  const endDisturbances = (of: (node: number) => boolean): void => {
    for (const found of disturbances) {
      if (of(found.node) && found.to === Number.POSITIVE_INFINITY) found.to = Date.now()
    }
  }

  const start = async (index: number): Promise<RunningNode> => {
    const process = startNodeProcess(
      [
        'run',
        ...places[index]!.flags,
        ...['--threads', '1'],
        ...portFlags(index, ports[index]!, links, places),
        ...(options.flags ?? []),
      ],
      { environment: options.environment?.(index) ?? {}, logFile: join(folderOf(folder, index), 'node.log') },
    )
    processes.add(process)
    void process.exited.then(() => processes.delete(process))
    const node = { ...(await process.ready), index, process }
    nodes.set(index, node)
    endDisturbances((other) => other === index)
    return node
  }

  const take = (index: number): NodeProcess => {
    const node = nodes.get(index)
    if (node === undefined) throw new Error(`node ${index} does not run`)
    nodes.delete(index)
    disturb(index)
    return node.process
  }

  const signal = async (index: number, name: NodeJS.Signals): Promise<Exit> => {
    const process = take(index)
    process.signal(name)
    return process.exited
  }

  return {
    folder,
    size,
    running: () => [...nodes.values()].sort((a, b) => a.index - b.index),
    node: (index) => nodes.get(index)!,
    start,
    kill: async (index) => void (await signal(index, 'SIGKILL')),
    stop: (index) => signal(index, 'SIGTERM'),
    ended: async (index) => {
      const { process } = nodes.get(index)!
      const exit = await process.exited
      take(index)
      return { ...exit, output: process.output() }
    },
    partition: (groups) => {
      for (let index = 0; index < size; index++) disturb(index)
      links.partition(groups)
    },
    heal: () => {
      links.heal()
      endDisturbances((index) => nodes.has(index))
    },
    disturbances,
    close: async (keep = false) => {
      const ends = [...processes].map((process) => {
        process.signal('SIGKILL')
        return process.exited
      })
      await Promise.all(ends)
      await links.close()
      if (keep) return
      for (const undo of dispose) undo()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function portFlags(index: number, port: number, links: Links, places: readonly Place[]): readonly string[] {
  const peers = places[index]!.peers.map(
    (to) => `/ip4/127.0.0.1/tcp/${links.port(index, to)}/p2p/${places[to]!.peerId}`,
  )
  return [
    ...['--rpc-port', '0', '--admin-port', '0'],
    ...['--listen', `/ip4/127.0.0.1/tcp/${port}`, '--peers', peers.join(',')],
  ]
}
