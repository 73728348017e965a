import { BanyanError, type ErrorDetail, type ErrorName, registryError } from '@banyan/base'
import type { Position } from '../dialect/translate.js'

/** What a script is called with. */
export type Call = {
  /** The parameter `args`: literals with commas between. */
  readonly args: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  /** The request brought a body that is an input. */
  readonly hasBody: boolean
  /** What `type @ "auto"` becomes. */
  readonly bestFormat: 'avif' | 'webp' | 'jpeg'
}

/** What a job is to check instead of saving. */
export type ProbeOrder = {
  /** The file whose pixels are to be compared. */
  readonly claimed: string
  /** Chooses the tile. */
  readonly seed: number
}

export type JobOrder = {
  readonly script: { readonly name: string; readonly text: string }
  readonly call: Call
  readonly limits: { readonly pixels: number; readonly pages: number }
  /** Where the result is to be written. */
  readonly result: string
  readonly probe: ProbeOrder | undefined
}

/** A registry error and the place in the script, as they travel between processes. */
export type WireError = {
  readonly kind: ErrorName
  readonly details: Readonly<Record<string, ErrorDetail>>
  readonly position: Position | undefined
}

/** What a partial check found. */
export type ProbeResult = { readonly same: boolean; readonly reason: string }

export type JobResult = {
  readonly type: string
  readonly bytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string
  /** It depends on what the client accepts. */
  readonly varies: boolean
  readonly probe: ProbeResult | undefined
}

export type ToWorker =
  | { readonly kind: 'job'; readonly order: JobOrder }
  | { readonly kind: 'input'; readonly path: string }
  | { readonly kind: 'refused'; readonly error: WireError }

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fetch'; readonly name: string }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly error: WireError }

export const toWire = ({ kind, details }: BanyanError, position?: Position): WireError => ({
  kind,
  details,
  position,
})

/** An error of a script, with its place there. */
export class PlacedError extends BanyanError {
  readonly position: Position | undefined

  constructor({ kind, details, position }: WireError) {
    const { number: code, message, fix, retryable } = registryError(kind, details)
    super(kind, { code, message, fix, retryable }, details)
    this.position = position
  }
}
