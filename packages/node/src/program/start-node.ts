import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { banyanError, toHex } from '@banyan/base'
import { hostInUrl, urlOf } from '@banyan/http-api/server'
import { createPool } from '@banyan/ledger/threads'
import { answerProbe } from '@banyan/program'
import type { Log, Running } from '@banyan/program/run'
import { createApiServer } from '../api/server.js'
import type { ReadyLine } from '../child/ready-line.js'
import { programVersions } from '../engine/versions.js'
import { endAll } from '../process/end-all.js'
import { openNode, type RunningNode } from '../process/open-node.js'
import { createAdminServer } from './admin-server.js'
import { createClockWatch, followClock } from './clock-watch.js'
import { type EvidenceFile, openEvidence } from './evidence-file.js'
import { createForkAlarm } from './fork-alarm.js'
import { type NetworkRules, readNodeGenesis } from './genesis-file.js'
import { type NodeKeys, readKeys, signerKeys } from './keys.js'
import { createMetrics, type Metrics } from './metrics.js'
import type { RunOptions } from './options.js'

/** A node with its public APIs and what watches over it. */
export type StartedNode = Running & { readonly ready: ReadyLine; readonly stop: () => Promise<void> }

type Parts = NetworkRules & {
  readonly options: RunOptions
  readonly keys: NodeKeys
  readonly log: Log['write']
  readonly metrics: Metrics
  readonly evidence: EvidenceFile
  /** The node cannot go on. */
  readonly giveUp: (error: unknown) => void
}

/** Version of the package. */
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
/** A worker loads it itself. */
const collectionModule = new URL('./collection.js', import.meta.url)

/**
 * Starts a node as its options say. Whatever was opened is closed again if something fails. Errors: those of the files,
 * `openNode`, `createPool`, and ApiUnreachable.
 */
export async function startNode(
  options: RunOptions,
  log: Log['write'],
  giveUp: (error: unknown) => void,
): Promise<StartedNode> {
  const opened: (() => Promise<void>)[] = []
  try {
    return await start(options, log, giveUp, opened)
  } catch (error) {
    await endAll(opened.reverse()).catch(() => undefined)
    throw error
  }
}

async function start(
  options: RunOptions,
  log: Log['write'],
  giveUp: (error: unknown) => void,
  opened: (() => Promise<void>)[],
): Promise<StartedNode> {
  const keys = await readKeys(options.keys)
  const network = await readNodeGenesis(options.genesis, options.folder)
  const clock = createClockWatch(network.rules.maxClockSkew)
  const metrics = createMetrics(
    createForkAlarm(() => performance.now()),
    clock,
  )
  const evidence = await openEvidence(options.folder)
  opened.push(evidence.close)
  const node = await open({ ...network, options, keys, log, metrics, evidence, giveUp }, opened)
  warnOfLoss(node, options, log)
  warnOfUpgrade(network, log)
  metrics.follow(node, evidence.count)
  followClock(node, clock, log)
  let draining = false
  const isReady = (): boolean => !draining && node.api.status().ready
  const api = createApiServer({
    node: node.api,
    access: { hosts: options.rpcNames, origins: options.rpcOrigins },
    mount: (path, _request, response) => answerProbe(path, response, { isReady }),
  })
  opened.push(api.close)
  const adminHosts = [hostInUrl(options.adminHost), ...options.adminNames]
  const admin = createAdminServer(metrics, adminHosts, isReady)
  opened.push(admin.close)
  const rpcPort = await api.listen(options.rpcPort, options.rpcHost)
  const adminPort = await admin.listen(options.adminPort, options.adminHost)
  return {
    ready: {
      rpc: urlOf(options.rpcHost, rpcPort),
      admin: urlOf(options.adminHost, adminPort),
      p2p: node.network.addresses(),
      ...describe(node, options),
    },
    drain: async () => {
      draining = true
      await api.close()
    },
    stop: () => endAll([...opened].reverse().filter((end) => end !== api.close)),
  }
}

async function open(parts: Parts, opened: (() => Promise<void>)[]): Promise<RunningNode> {
  const { options, keys, log, metrics, evidence, giveUp, chainOptions, rules } = parts
  const { threads: workers } = options
  const pool = createPool({
    workers,
    provider: 'native',
    collectionModule,
    collectionName: 'genesisCollection',
  })
  opened.push(pool.close)
  const node = await openNode({
    folder: options.folder,
    chainOptions: { ...chainOptions, runGroups: pool.runGroups },
    rules,
    pool,
    network: { seed: keys.peerSeed, listen: options.listen, random: Math.random },
    peers: options.peers,
    ...(options.role === 'validator' ? { validator: { keys: signerKeys(keys), isNew: false } } : {}),
    mempool: {
      maxBytes: options.mempoolBytes,
      maxPerSender: options.mempoolPerSender,
      waitBlocks: options.mempoolBlocks,
    },
    batchInterval: options.batchInterval,
    snapshotEvery: options.snapshotEvery,
    snapshotLag: options.role === 'archive' ? undefined : options.snapshotLag,
    history: options.role === 'archive' ? 'all' : options.history,
    version,
    onEvidence: (found, epoch) => {
      const signer = found.kind === 'votes' ? found.first.signer : found.vote.signer
      log.error({ epoch, signer, kind: found.kind }, 'a validator broke a rule')
      evidence.add(found, epoch).catch(giveUp)
    },
    onRefused: metrics.refused,
    onSync: metrics.synced,
    onFailure: giveUp,
  })
  opened.push(async () => metrics.close(), node.stop)
  return node
}

function warnOfLoss({ signerLoss: loss }: RunningNode, { folder }: RunOptions, log: Log['write']): void {
  if (loss === undefined) return
  const error = banyanError('SignerMemoryLost', { loss, path: join(folder, 'signer') })
  log.warn({ error }, 'the node does not vote')
}

function warnOfUpgrade({ rules: { upgrades } }: NetworkRules, log: Log['write']): void {
  const unknown = upgrades.find(({ version }) => version > programVersions.rules)
  if (unknown === undefined) return
  log.warn(
    { ...unknown, known: programVersions.rules },
    'the node will stop at this height: install a newer program before',
  )
}

function describe(
  { network, api }: RunningNode,
  { role }: RunOptions,
): Omit<ReadyLine, 'rpc' | 'admin' | 'p2p'> {
  const { chainId, genesisId } = api.identity
  return {
    peerId: network.id,
    role,
    height: api.head().header.height,
    chainId: Number(chainId),
    genesisId: toHex(genesisId),
    version,
    pid: process.pid,
  }
}
