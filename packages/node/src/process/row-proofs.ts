import { equalBytes, fail, type Hash } from '@banyan/base'
import { blockId, type Chain, type Head, proveRequest, type RowRequest, summarize } from '@banyan/ledger'
import { encodeProof } from '@banyan/light'
import type { Proof } from '../api/port.js'
import type { FinalBlock } from '../engine/events.js'

/**
 * Proofs of rows. The state root after a block stands in the header of the next one. So a proof is taken from the
 * newest executed block at once, and handed out when the block above it is final.
 */
export type RowProofs = {
  /** `undefined` if no block came in time, or others than this one became final. Error: RequestLimitExceeded. */
  readonly prove: (request: RowRequest) => Promise<Proof | undefined>
  /** A block is final and durable. */
  readonly final: (block: FinalBlock) => void
  /** Answers all that wait with nothing. */
  readonly close: () => void
}

type Waiting = {
  readonly request: RowRequest
  /** The block after which the state was read, and the root that the state had. */
  readonly head: Head
  readonly stateRoot: Hash
  readonly content: Uint8Array
  readonly attempts: number
  readonly done: (proof: Proof | undefined) => void
}

/** Questions that may wait: each holds at most some 3 KB. */
const maxWaiting = 1_024
const waitMs = 25_000
/** How often a block that was read may turn out not to become final. */
const maxAttempts = 8

export function createRowProofs(chain: () => Chain): RowProofs {
  const waiting = new Map<number, Waiting>()
  let next = 0

  const take = (place: number, request: RowRequest, attempts: number, done: Waiting['done']): void => {
    const { head, stateRoot } = chain()
    const content = proveRequest(chain(), request)
    waiting.set(place, { request, head, stateRoot, content, attempts, done })
  }

  return {
    prove: (request) => {
      if (waiting.size >= maxWaiting) {
        fail('RequestLimitExceeded', {
          what: 'the number of proofs that wait for a block',
          limit: maxWaiting,
        })
      }
      const place = next++
      return new Promise((resolve) => {
        const done = (proof: Proof | undefined): void => {
          clearTimeout(timer)
          waiting.delete(place)
          resolve(proof)
        }
        const timer = setTimeout(done, waitMs, undefined)
        take(place, request, 1, done)
      })
    },
    final: ({ block: { header }, finality }) => {
      const { height } = header
      const due = [...waiting].filter(([, { head }]) => head.header.height < height)
      if (due.length === 0) return
      const anchor = { header: summarize(header), finality: finality() }
      const id = blockId(header)
      for (const [place, { request, head, stateRoot, content, attempts, done }] of due) {
        const fits = equalBytes(header.parentId, head.id) && equalBytes(header.stateRoot, stateRoot)
        const bytes = fits ? encodeProof({ kind: request.kind, ...anchor, content }) : undefined
        if (bytes === undefined && attempts < maxAttempts) take(place, request, attempts + 1, done)
        else done(bytes && { height, blockId: id, bytes })
      }
    },
    close: () => {
      for (const { done } of waiting.values()) done(undefined)
    },
  }
}
