import type { PeerCounters, PeerId } from './network.js'
import { isBanned, newStanding, type Standing, scoreAt } from './standing.js'

export type Counts = { -readonly [Name in Exclude<keyof PeerCounters, 'score'>]: PeerCounters[Name] }

/** What is remembered of a peer beyond its connections. */
export type PeerRecord = { readonly counts: Counts; readonly standing: Standing }

export type PeerRecords = {
  /** The record of a peer, made if there is none. */
  readonly of: (peer: PeerId) => PeerRecord
  readonly isBanned: (peer: PeerId) => boolean
  readonly counters: () => ReadonlyMap<PeerId, PeerCounters>
}

const zeroCounts: PeerCounters = {
  bytesIn: 0,
  bytesOut: 0,
  messagesIn: 0,
  messagesOut: 0,
  drops: 0,
  requestsIn: 0,
  requestsOut: 0,
  connections: 0,
  faults: 0,
  bans: 0,
  score: 0,
}

/**
 * Records of at most `most` peers. To make room it forgets the oldest peer that is neither connected nor banned; if there
 * is none, the oldest that is not connected.
 */
export function createPeerRecords(
  most: number,
  now: () => number,
  isConnected: (peer: PeerId) => boolean,
): PeerRecords {
  const records = new Map<PeerId, PeerRecord>()

  function forgetOne(): void {
    let banned: PeerId | undefined
    for (const [peer, { standing }] of records) {
      if (isConnected(peer)) continue
      if (!isBanned(standing, now())) {
        records.delete(peer)
        return
      }
      banned ??= peer
    }
    if (banned !== undefined) records.delete(banned)
  }

  function of(peer: PeerId): PeerRecord {
    const known = records.get(peer)
    if (known !== undefined) return known
    if (records.size >= most) forgetOne()
    const record = { counts: { ...zeroCounts }, standing: newStanding(now()) }
    records.set(peer, record)
    return record
  }

  return {
    of,
    isBanned: (peer) => {
      const record = records.get(peer)
      return record !== undefined && isBanned(record.standing, now())
    },
    counters: () =>
      new Map(
        [...records].map(([peer, { counts, standing }]) => [
          peer,
          { ...counts, score: scoreAt(standing, now()) },
        ]),
      ),
  }
}
