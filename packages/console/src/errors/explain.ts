// A module of its own, so that the texts of all errors, and what decodes those of tokens, are loaded only when there is one to explain.
import { BanyanError, errorRegistry } from '@banyan/base'
import { tokenRefusal } from '@banyan/sdk'

export type Explained = { readonly error: unknown; readonly cause: string | undefined }

/** An error as people are told it, with why it happens. */
export function explain(thrown: unknown): Explained {
  const error = tokenRefusal(thrown)
  return { error, cause: error instanceof BanyanError ? errorRegistry[error.kind].cause : undefined }
}
