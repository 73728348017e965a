import { fail } from '@banyan/base'
import type { Log } from '@banyan/storage'

/** What the signer remembers of one view, encoded by whoever signs. */
export type VoteRecord = { readonly epoch: number; readonly view: number; readonly bytes: Uint8Array }

/** The signer's memory in a log of its own. */
export type Votes = {
  /** Records that were found when the log was opened, in their order; of several for one view the last one counts. */
  readonly records: readonly VoteRecord[]
  /** Resolves when the record is durable. */
  readonly append: (record: VoteRecord) => Promise<void>
  /** Number of durable records since the log was made. */
  readonly count: () => number
  /** Drops what nobody needs when nothing up to this view is signed any more. */
  readonly prune: (epoch: number, view: number) => Promise<void>
}

type Place = { readonly sequence: number; readonly epoch: number; readonly view: number }

const headBytes = 16

/** Bounds of the log of votes: a record holds two hashes and a few numbers. */
export const voteLimits = { segmentBytes: 2 ** 20, maxRecordBytes: 512 } as const

/** Reads the log of votes. Errors: BlockMalformed, LogDamaged, DiskFailed. */
export async function openVotes(log: Log): Promise<Votes> {
  const records: VoteRecord[] = []
  /** Records that may still be needed, oldest first. */
  const places: Place[] = []
  if (log.last() >= log.first()) {
    for await (const { sequence, payload } of log.readFrom(log.first())) {
      const record = readRecord(payload)
      records.push(record)
      places.push({ sequence, epoch: record.epoch, view: record.view })
    }
  }
  return {
    records,
    count: () => log.last(),
    append: async ({ epoch, view, bytes }) => {
      const head = new DataView(new ArrayBuffer(headBytes))
      head.setBigUint64(0, BigInt(epoch), true)
      head.setBigUint64(8, BigInt(view), true)
      const sequence = await log.append([new Uint8Array(head.buffer), bytes])
      places.push({ sequence, epoch, view })
    },
    prune: async (epoch, view) => {
      const isOver = (place: Place): boolean =>
        place.epoch < epoch || (place.epoch === epoch && place.view <= view)
      while (places.length > 0 && isOver(places[0]!)) places.shift()
      await log.pruneBefore(places[0]?.sequence ?? log.last() + 1)
    },
  }
}

function readRecord(payload: Uint8Array): VoteRecord {
  if (payload.length < headBytes) fail('BlockMalformed', { reason: 'the record of a vote is too short' })
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  return {
    epoch: Number(view.getBigUint64(0, true)),
    view: Number(view.getBigUint64(8, true)),
    bytes: payload.slice(headBytes),
  }
}
