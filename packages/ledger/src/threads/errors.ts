import { BanyanError, banyanError, type ErrorDetail, type ErrorName, registryError } from '@banyan/base'

/** An error on its way between threads, which would lose its class. */
export type PackedError =
  | { readonly kind: ErrorName; readonly details: Readonly<Record<string, ErrorDetail>> }
  | { readonly kind: undefined; readonly message: string }

export function packError(error: unknown): PackedError {
  if (error instanceof BanyanError) return { kind: error.kind, details: error.details }
  return { kind: undefined, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

export function unpackError(packed: PackedError): BanyanError {
  if (packed.kind === undefined) return banyanError('WorkerFailed', { reason: packed.message })
  return registryError(packed.kind, packed.details)
}
