import type { ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import type { WorkCharge, WorkItem, WorkPage } from '../api/index.js'
import type { PackedCharge } from '../charges/packed.js'
import type { JournalEntry } from '../journal.js'

/** The newest finished requests, for those whose they are. */
export type History = {
  readonly add: (entry: JournalEntry) => void
  /** Newest first, older than the request `before`. `account`: only those of this one. */
  readonly list: (account: string | undefined, limit: number, before: string | undefined) => WorkPage
  /** Error: WorkUnknown. */
  readonly find: (account: string | undefined, id: string) => WorkItem
  /** Sends each that ends from now on as an event. Error: AccountBusy. */
  readonly watch: (account: string | undefined, response: ServerResponse) => void
  readonly close: () => void
}

const kept = 10_000
const maxWatchers = 1_000
/** A watcher that reads nothing is let go. */
const maxUnread = 2 ** 20

export function createHistory(): History {
  /** A ring, which costs the same for each request however many there were. */
  const ring: JournalEntry[] = []
  let count = 0
  const watchers = new Map<ServerResponse, string | undefined>()
  const isFor = (account: string | undefined, entry: JournalEntry): boolean =>
    account === undefined || entry.account === account

  function* newestFirst(): Generator<JournalEntry, void, undefined> {
    for (let i = count - 1; i >= Math.max(0, count - kept); i--) yield ring[i % kept]!
  }

  return {
    add: (entry) => {
      ring[count++ % kept] = entry
      if (watchers.size === 0) return
      const event = `data: ${JSON.stringify(viewOf(entry))}\n\n`
      for (const [response, account] of watchers) {
        if (response.writableLength > maxUnread) response.destroy()
        else if (isFor(account, entry)) response.write(event)
      }
    },
    list: (account, limit, before) => {
      const found: WorkItem[] = []
      let isOlder = before === undefined
      for (const entry of newestFirst()) {
        if (isOlder && isFor(account, entry)) {
          if (found.length === limit) return { items: found, next: found.at(-1)!.id }
          found.push(viewOf(entry))
        }
        if (entry.id === before) isOlder = true
      }
      return { items: found, next: null }
    },
    find: (account, id) => {
      for (const entry of newestFirst()) {
        if (entry.id === id && isFor(account, entry)) return viewOf(entry)
      }
      return fail('WorkUnknown', { id: id.slice(0, 64) })
    },
    watch: (account, response) => {
      if (watchers.size >= maxWatchers) fail('AccountBusy')
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(': finished requests\n\n')
      watchers.set(response, account)
      response.on('close', () => watchers.delete(response))
    },
    close: () => {
      for (const response of watchers.keys()) response.end()
    },
  }
}

/** A finished request as the API shows it; times are ms since 1970. */
function viewOf(entry: JournalEntry): WorkItem {
  const { usage, repeats: _, idempotencyKey: __, charge, ...record } = entry
  return {
    ...record,
    acceptedAt: Math.floor(record.acceptedAt),
    startedAt: Math.floor(record.startedAt),
    firstByteAt: Math.floor(record.firstByteAt),
    endedAt: Math.floor(record.endedAt),
    cpuMs: usage.cpuMs,
    memoryBytes: usage.peakMemoryBytes,
    charge: charge === undefined ? null : costOf(charge),
  }
}

function costOf({ public: open }: PackedCharge): WorkCharge {
  const amount = (name: string): string => String(open[`${name}Amount`])
  return {
    id: String(open['id']),
    price: String(Number(open['enterpriseAmount']) + Number(open['houseAmount'])),
    enterpriseAmount: amount('enterprise'),
    houseAmount: amount('house'),
    contributorAmount: amount('contributor'),
    developerAmount: amount('developer'),
    operatorAmount: amount('operator'),
    currency: String(open['currency']),
    deal: String(open['deal']),
  }
}
