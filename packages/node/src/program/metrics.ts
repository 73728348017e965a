import type { BanyanError } from '@banyan/base'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { BlockRecord } from '../api/history.js'
import type { NodeFolder, RunningNode } from '../process/open-node.js'
import type { ClockWatch } from './clock-watch.js'
import type { ForkAlarm } from './fork-alarm.js'

/** What Prometheus reads of a node. */
export type Metrics = {
  /** A transaction was not taken in. */
  readonly refused: (error: BanyanError) => void
  /** A sync of the disk took so many ms. */
  readonly synced: (folder: NodeFolder, duration: number) => void
  /** Starts to follow a node. */
  readonly follow: (node: RunningNode, evidence: () => number) => void
  /** The text of /metrics, and its content type. */
  readonly text: () => Promise<string>
  readonly contentType: string
  readonly close: () => void
}

const latencies = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30]
const syncTimes = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5]
const sizes = [0, 1, 10, 100, 1_000, 10_000, 100_000]

/** A registry of its own: several nodes can live in one process. */
export function createMetrics(alarm: ForkAlarm, clock: ClockWatch): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const finality = new Histogram({
    name: 'banyan_finality_seconds',
    help: 'From the time of a block until it is final and durable here, while the node is not catching up',
    buckets: latencies,
    registers,
  })
  const transactions = new Histogram({
    name: 'banyan_block_transactions',
    help: 'Transactions of each final block that succeeded or failed',
    buckets: sizes,
    registers,
  })
  const refusals = new Counter({
    name: 'banyan_transactions_refused_total',
    help: 'Transactions of clients that were not taken in, by code',
    labelNames: ['code'],
    registers,
  })
  const syncs = new Histogram({
    name: 'banyan_disk_sync_seconds',
    help: 'Syncs of files and folders, by folder of the node: how many, and how long they took',
    labelNames: ['folder'],
    buckets: syncTimes,
    registers,
  })
  let unfollow = (): void => undefined

  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `banyan_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }

  const noteFinal = (node: RunningNode, { header, included }: BlockRecord): void => {
    transactions.observe(included)
    if (!node.view().syncing) finality.observe(Math.max(0, node.now() - Number(header.timestamp)) / 1_000)
  }

  return {
    refused: ({ code, kind }) => {
      refusals.inc({ code })
      alarm.note(kind === 'MarkUnknown')
    },
    synced: (folder, duration) => syncs.observe({ folder }, duration / 1_000),
    follow: (node, evidence) => {
      gauge('evidence', 'Records of evidence against validators on the disk', evidence)
      gauge(
        'foreign_marks_share',
        'Share of transactions of the last ten minutes with unknown marks',
        alarm.share,
      )
      gauge('fork_alarm', '1 while that share has risen to what only a fork explains', () =>
        Number(alarm.isRaised()),
      )
      gauge(
        'clock_ahead_seconds',
        'How far the clock is ahead of the times of final blocks: what finality takes, if it is right',
        () => clock.ahead() / 1_000,
      )
      gauge('clock_wrong', '1 while that is more than finality and the allowed skew explain', () =>
        Number(clock.isWrong()),
      )
      addNodeGauges(gauge, node)
      const stops = [
        node.api.onFinal((block) => noteFinal(node, block)),
        node.api.onPending((ids) => {
          for (let i = 0; i < ids.length; i++) alarm.note(false)
        }),
      ]
      unfollow = () => {
        for (const stop of stops) stop()
      }
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => {
      unfollow()
      registry.clear()
    },
  }
}

function addNodeGauges(
  gauge: (name: string, help: string, read: () => number) => void,
  { view, mempool, network }: RunningNode,
): void {
  const sum = (name: 'bytesIn' | 'bytesOut' | 'drops' | 'bans'): number =>
    [...network.counters().values()].reduce((total, counters) => total + counters[name], 0)
  gauge('final_height', 'Height of the newest final block', () => view().final.header.height)
  gauge('height', 'Height of the newest executed block', () => view().chain.head.header.height)
  gauge('target_height', 'Newest final height that this node or a peer has told', () => view().target)
  gauge('epoch', 'Epoch', () => view().epoch)
  gauge('view', 'View of the epoch; 0 outside of its committee', () => view().view)
  gauge('rules_version', 'Version of the rules for the next block', () => view().rulesVersion)
  gauge(
    'foreign_peers',
    'Connected peers that speak other versions of messages only',
    () => view().foreignPeers,
  )
  gauge('voting', '1 while this node signs votes', () => Number(view().voting))
  gauge('syncing', '1 while it is catching up', () => Number(view().syncing))
  gauge('peers', 'Connected peers', () => network.peers().length)
  gauge('network_received_bytes', 'Bytes of messages from peers that are remembered', () => sum('bytesIn'))
  gauge('network_sent_bytes', 'Bytes of messages to peers that are remembered', () => sum('bytesOut'))
  gauge('network_dropped', 'Messages dropped because a peer was slow or gone', () => sum('drops'))
  gauge('network_bans', 'Bans of peers that are remembered', () => sum('bans'))
  gauge('mempool_transactions', 'Transactions that are not final yet', () => mempool.count)
  gauge('mempool_bytes', 'Bytes that the mempool counts', () => mempool.bytes)
  gauge('batches', 'Batches that wait or are above the final block', () => view().batches)
  gauge('batch_bytes', 'Bytes of these batches', () => view().batchBytes)
}
