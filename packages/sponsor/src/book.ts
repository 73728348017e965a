import { fail, utf8 } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { Address, Hash } from '@banyan/sdk'
import { type Disk, type Log, openLog } from '@banyan/storage'

/** The durable record of what was promised and what came of it: a log that is only added to. */

export type Granted = {
  readonly type: 'granted'
  readonly id: Hash
  readonly user: Address
  /** Contract and method of its only call, or `several`. */
  readonly method: string
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** Most that it can cost, pip. */
  readonly maxFee: bigint
  /** Last height at which it can be included. */
  readonly validUntil: number
}

export type Settled = {
  readonly type: 'settled'
  readonly id: Hash
  readonly status: 'success' | 'failed' | 'expired'
  /** What it did cost, pip. */
  readonly fee: bigint
}

export type Entry = Granted | Settled

export type Book = {
  /** Resolves when the entry is durable. Errors: LogBusy, DiskFull, DiskFailed. */
  readonly add: (entry: Entry) => Promise<void>
  /** All entries, oldest first. Errors: LogDamaged, DiskFailed. */
  readonly entries: () => AsyncGenerator<Entry, void, undefined>
  readonly close: () => Promise<void>
}

const limits = { segmentBytes: 2 ** 24, maxRecordBytes: 2 ** 12 } as const

/** Errors: those of `openLog`. */
export async function openBook(disk: Disk, provider: CryptoProvider, sponsor: Address): Promise<Book> {
  const identity = provider.sha256(utf8(`banyan/sponsor ${sponsor}`))
  const log: Log = await openLog(disk, { name: 'sponsor', identity, ...limits })
  return {
    add: async (entry) => {
      await log.append([
        utf8(JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? String(value) : value))),
      ])
    },
    entries: async function* () {
      for await (const { payload } of log.readFrom(log.first())) yield readEntry(payload)
    },
    close: log.close,
  }
}

function readEntry(payload: Uint8Array): Entry {
  const json = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
  switch (json['type']) {
    case 'granted':
      return { ...json, maxFee: BigInt(json['maxFee'] as string) } as Granted
    case 'settled':
      return { ...json, fee: BigInt(json['fee'] as string) } as Settled
    default:
      return fail('FormatUnknown', {
        path: 'sponsor',
        given: String(json['type']),
        expected: 'granted, settled',
      })
  }
}
