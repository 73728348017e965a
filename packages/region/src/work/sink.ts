import type { BanyanError } from '@banyan/base'

/** Where an answer goes: to a client, or into the store of jobs. */
export type Sink = {
  readonly head: (status: number, headers: readonly string[], affinity: string | undefined) => void
  /** Returns whether more may follow at once; otherwise `drained` of the exchange tells when. */
  readonly write: (bytes: Uint8Array) => boolean
  readonly end: (last: Uint8Array) => void
  /** There is no answer, or not the rest of it. */
  readonly abort: (error: BanyanError) => void
}
