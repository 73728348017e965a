import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@banyan/node/child'
import { makeKeys, makeNetwork, type NetworkPlan, publicParts } from '@banyan/node/program'
import { directLinks, type Links, proxiedLinks } from './links.js'
import { type Exit, type NodeProcess, type ReadyLine, startNodeProcess } from './node-process.js'

export type ClusterOptions = {
  readonly validators: number
  /** Nodes that only follow, numbered after the validators: for each the nodes that it is connected with. */
  readonly observers?: readonly (readonly number[])[]
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
  const place = (index: number): string => join(folder, `node-${index}`)
  const dispose: (() => void)[] = []
  for (let index = 0; index < size; index++) {
    const undo = await prepare?.(index, place(index))
    if (undo !== undefined) dispose.push(undo)
  }
  await makeNetwork(folder, validators, { ...plan, ...options.plan, accounts })
  const peerIds = [...(await peerIdsOf(folder))]
  for (let index = validators; index < size; index++) {
    const keys = await makeKeys(join(place(index), 'keys.json'))
    peerIds.push((await publicParts(keys)).peerId)
  }
  const everyValidator = Array.from({ length: validators }, (_, index) => index)
  const peersOf = (index: number): readonly number[] => observers[index - validators] ?? everyValidator
  const placeFlags = (index: number): readonly string[] =>
    index < validators
      ? ['--config', join(place(index), 'config.json')]
      : [
          ...['--genesis', join(folder, 'genesis.json'), '--keys', join(place(index), 'keys.json')],
          ...['--folder', join(place(index), 'data'), '--role', 'full'],
        ]
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
        ...placeFlags(index),
        ...['--threads', '1'],
        ...portFlags(index, ports[index]!, links, peersOf(index), peerIds),
        ...(options.flags ?? []),
      ],
      { environment: options.environment?.(index) ?? {}, logFile: join(place(index), 'node.log') },
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

async function peerIdsOf(folder: string): Promise<readonly string[]> {
  const genesis = JSON.parse(await readFile(join(folder, 'genesis.json'), 'utf8')) as {
    validators: { peerId: string }[]
  }
  return genesis.validators.map(({ peerId }) => peerId)
}

function portFlags(
  index: number,
  port: number,
  links: Links,
  to: readonly number[],
  peerIds: readonly string[],
): readonly string[] {
  const peers = to.flatMap((other) =>
    other === index ? [] : [`/ip4/127.0.0.1/tcp/${links.port(index, other)}/p2p/${peerIds[other]}`],
  )
  return [
    ...['--rpc-port', '0', '--admin-port', '0'],
    ...['--listen', `/ip4/127.0.0.1/tcp/${port}`, '--peers', peers.join(',')],
  ]
}
