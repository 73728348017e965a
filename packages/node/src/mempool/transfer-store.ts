import { copy32, copy64, wide } from '@banyan/base'
import {
  type DescribedBatch,
  type TransferSet,
  transferRecordLength,
  transferType,
  transferWords,
} from '@banyan/ledger'

/** A place holds a record (192 bytes), its id (32), its sender (20), and nothing in the rest. */
const placeBytes = 256
const idAt = 192
const senderAt = 224
const firstPlaces = 256

/** The transfers of a described batch as flat arrays: in words, and in units of eight bytes to copy them. */
export type FlatTransfers = {
  readonly records: Uint32Array
  readonly wideRecords: BigUint64Array
  readonly ids: Uint32Array
  readonly wideIds: BigUint64Array
  readonly senders: Uint32Array
}

export function flatTransfers({ batch, ids, senders }: DescribedBatch): FlatTransfers {
  const records = transferWords(batch)
  return { records, wideRecords: wide(records), ids, wideIds: wide(ids), senders }
}

/**
 * Transfers in flat memory of its own, each at a place. Nothing of the requests that brought them is kept alive, and there is
 * nothing in it that the garbage collector has to look at.
 */
export class TransferStore {
  #bytes = new Uint8Array(0)
  #words = new Uint32Array(0)
  #wide: BigUint64Array = new BigUint64Array(0)
  /** Places below it are or were in use. */
  #end = 0
  readonly #free: number[] = []

  /** Copies the i-th transfer of a batch; returns its place. */
  put({ wideRecords, wideIds, senders }: FlatTransfers, i: number): number {
    const place = this.#take()
    const at = (place * placeBytes) / 8
    const from = (i * transferRecordLength) / 8
    copy64(wideRecords, from, this.#wide, at)
    copy64(wideRecords, from + 8, this.#wide, at + 8)
    copy64(wideRecords, from + 16, this.#wide, at + 16)
    copy32(wideIds, i * 4, this.#wide, at + idAt / 8)
    const sender = (place * placeBytes + senderAt) / 4
    for (let k = 0; k < 5; k++) this.#words[sender + k] = senders[i * 5 + k]!
    return place
  }

  /** Copies a transfer that came by itself. */
  putEnvelope(envelope: Uint8Array, id: Uint8Array, sender: Uint8Array): number {
    const place = this.#take()
    const at = place * placeBytes
    this.#bytes.set(envelope.subarray(1), at)
    this.#bytes.set(id, at + idAt)
    this.#bytes.set(sender, at + senderAt)
    return place
  }

  /** Gives a place back. */
  free(place: number): void {
    this.#free.push(place)
  }

  /** A copy of the transfer at a place. */
  envelope(place: number): Uint8Array {
    const envelope = new Uint8Array(1 + transferRecordLength)
    envelope[0] = transferType
    envelope.set(this.#bytes.subarray(place * placeBytes, place * placeBytes + transferRecordLength), 1)
    return envelope
  }

  /** Copies of the transfers at some places, as a batch is made of. */
  gather(places: readonly number[]): TransferSet {
    const records = new Uint8Array(places.length * transferRecordLength)
    const ids = new Uint32Array(places.length * 8)
    const senders = new Uint32Array(places.length * 5)
    const [wideRecords, wideIds] = [wide(records), wide(ids)]
    for (let i = 0; i < places.length; i++) {
      const place = places[i]!
      const at = (place * placeBytes) / 8
      const to = (i * transferRecordLength) / 8
      copy64(this.#wide, at, wideRecords, to)
      copy64(this.#wide, at + 8, wideRecords, to + 8)
      copy64(this.#wide, at + 16, wideRecords, to + 16)
      copy32(this.#wide, at + idAt / 8, wideIds, i * 4)
      const sender = (place * placeBytes + senderAt) / 4
      for (let k = 0; k < 5; k++) senders[i * 5 + k] = this.#words[sender + k]!
    }
    return { records, ids, senders }
  }

  #take(): number {
    const place = this.#free.pop() ?? this.#end++
    if ((place + 1) * placeBytes > this.#bytes.length) this.#grow()
    return place
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(firstPlaces * placeBytes, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#words = new Uint32Array(larger.buffer)
    this.#wide = wide(larger)
  }
}
