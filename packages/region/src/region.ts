import type { ErrorName } from '@banyan/base'
import type { MinerTunnel } from '@banyan/tunnel/node'
import {
  type Broker,
  type BrokerEffect,
  type BrokerEvent,
  type BrokerLimits,
  createBroker,
  type Peer,
  stepBroker,
  type WorkOrder,
  type WorkRecord,
} from './core/index.js'
import type { Journal, JournalEntry } from './journal.js'
import type { Exchange } from './work/exchange.js'

/** The broker with its bytes, tunnels and journal: what endpoints work with. */
export type Region = {
  readonly broker: Broker
  readonly step: (event: BrokerEvent) => void
  /** Hands a request in. Either its exchange hears of what becomes of it, or `refused`, once. */
  readonly submit: (order: WorkOrder, exchange: Exchange, refused: Refused) => void
  /** The client went away. */
  readonly cancel: (id: string) => void
  /** A tunnel of a miner that has made its offer. Returns the number of the connection. */
  readonly addTunnel: (tunnel: MinerTunnel) => number
  readonly removeTunnel: (link: number) => void
  /** Milliseconds since 1970; never goes back. */
  readonly now: () => number
  /** No new work; resolves when what was accepted is over, or the time is. */
  readonly drain: (ms: number) => Promise<void>
  /** Ends all tunnels, and what is still under way with its record; but what is kept goes on after a restart, and has none yet. */
  readonly close: (isKept: (id: string) => boolean) => void
}

export type Refused = (error: ErrorName, retryMs: number, forward: Peer | undefined) => void

export type RegionParts = {
  readonly limits: BrokerLimits
  readonly journal: Journal
  /** Gives what is to be kept of a record that was just made, and what happens once that is durable. */
  readonly completed: (record: WorkRecord) => Kept
  /** A request was not taken. */
  readonly refused: (id: string) => void
  readonly disconnected: (link: number, reason: string) => void
}

export type Kept = { readonly entry: JournalEntry; readonly durable: () => void }

const tickMs = 10

export function createRegion({ limits, journal, completed, refused, disconnected }: RegionParts): Region {
  const broker = createBroker(limits)
  const exchanges = new Map<string, Exchange>()
  const refusals = new Map<string, Refused>()
  const tunnels = new Map<number, MinerTunnel>()
  /** Jobs that go on after a restart. */
  const left = new Set<string>()
  let nextLink = 1
  let quiet: (() => void) | undefined

  const now = (): number => performance.timeOrigin + performance.now()
  const step = (event: BrokerEvent): void => {
    for (const effect of stepBroker(broker, event, now())) perform(effect)
  }
  const timer = setInterval(() => {
    step({ kind: 'tick' })
    if (broker.requests.size === 0) quiet?.()
  }, tickMs)

  function perform(effect: BrokerEffect): void {
    switch (effect.kind) {
      case 'dispatch':
        dispatch(effect)
        break
      case 'recall':
        exchanges.get(effect.id)?.recall(effect.attempt, effect.reason)
        break
      case 'adopt':
        exchanges.get(effect.id)?.adopt(effect.attempt, effect.affinity)
        break
      case 'refuse':
        exchanges.delete(effect.id)
        refused(effect.id)
        refusals.get(effect.id)?.(effect.error, effect.retryMs, effect.forward)
        break
      case 'abandon':
        take(effect.id)?.abandon(effect.error)
        break
      case 'release':
        take(effect.id)?.release()
        break
      case 'completed': {
        if (left.has(effect.record.id)) break
        const { entry, durable } = completed(effect.record)
        journal.add(entry, () => {
          durable()
          step({ kind: 'recorded', id: entry.id })
        })
        break
      }
      case 'disconnect':
        disconnected(effect.link, effect.reason)
        tunnels.get(effect.link)?.close()
    }
  }

  function dispatch({
    id,
    attempt,
    link,
    version,
    deadlineMs,
  }: Extract<BrokerEffect, { kind: 'dispatch' }>): void {
    const tunnel = tunnels.get(link)
    if (tunnel !== undefined) exchanges.get(id)?.dispatch(attempt, tunnel, version, deadlineMs)
  }

  function take(id: string): Exchange | undefined {
    const exchange = exchanges.get(id)
    exchanges.delete(id)
    return exchange
  }

  function cancel(id: string): void {
    const exchange = exchanges.get(id)
    if (exchange === undefined) return
    step({ kind: 'cancel', id, ...exchange.sizes() })
    // While the record is being written the release is still to come.
    if (!broker.requests.has(id)) take(id)?.abandon('ClientGone')
  }

  return {
    broker,
    step,
    submit: (order, exchange, refused) => {
      exchanges.set(order.id, exchange)
      refusals.set(order.id, refused)
      step({ kind: 'request', order })
      refusals.delete(order.id)
    },
    cancel,
    addTunnel: (tunnel) => {
      tunnels.set(nextLink, tunnel)
      return nextLink++
    },
    removeTunnel: (link) => {
      tunnels.delete(link)
      step({ kind: 'left', link, reason: 'the tunnel ended' })
    },
    now,
    drain: async (ms) => {
      step({ kind: 'drain' })
      if (broker.requests.size === 0) return
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, ms)
        quiet = () => {
          clearTimeout(late)
          resolve()
        }
      })
    },
    close: (isKept) => {
      clearInterval(timer)
      broker.draining = true
      for (const id of [...exchanges.keys()]) {
        if (isKept(id) && broker.requests.get(id)?.phase !== 'recording') {
          exchanges.delete(id)
          left.add(id)
        } else cancel(id)
      }
      for (const tunnel of tunnels.values()) tunnel.close()
    },
  }
}
