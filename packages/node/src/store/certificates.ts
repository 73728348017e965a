import { maxCertificateBytes } from '@banyan/consensus'
import type { Log } from '@banyan/storage'
import { reader, writer } from '../engine/bytes.js'

/** A certificate that a later vote of this node relies on, encoded by whoever votes. */
export type KeptCertificate = { readonly epoch: number; readonly view: number; readonly bytes: Uint8Array }

/** Certificates of views that are not over, in a log of their own. */
export type KeptCertificates = {
  /** Those that were found when the log was opened, in their order. */
  readonly found: readonly KeptCertificate[]
  /** Resolves when the certificate is durable. */
  readonly append: (certificate: KeptCertificate) => Promise<void>
  /** Drops what nobody needs when all views up to this one are over. */
  readonly prune: (epoch: number, view: number) => Promise<void>
}

type Place = { readonly sequence: number; readonly epoch: number; readonly view: number }

/** Bounds of the log of certificates. */
export const certificateLimits = { segmentBytes: 2 ** 18, maxRecordBytes: 16 + maxCertificateBytes } as const

/** Reads the log of certificates (docs/formats.md "Kept certificates"). Errors: MessageMalformed, LogDamaged, DiskFailed. */
export async function openCertificates(log: Log): Promise<KeptCertificates> {
  const found: KeptCertificate[] = []
  /** Records that may still be needed, oldest first. */
  const places: Place[] = []
  if (log.last() >= log.first()) {
    for await (const { sequence, payload } of log.readFrom(log.first())) {
      const from = reader(payload)
      const place = { epoch: from.u64(), view: from.u64() }
      found.push({ ...place, bytes: from.rest().slice() })
      places.push({ sequence, ...place })
    }
  }
  return {
    found,
    append: async ({ epoch, view, bytes }) => {
      const sequence = await log.append([writer().u64(epoch).u64(view).done(), bytes])
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
