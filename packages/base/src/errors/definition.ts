/** One entry of the error registry. `{name}` in `message` is filled from the error's details; `fix` may name the same ones. */
export type ErrorDefinition = {
  /** Stable number: printed as `BYN-<code>`, stored as 16 bits in receipts. */
  readonly code: number
  readonly message: string
  readonly cause: string
  readonly fix: string
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean
}

/** Checks the shape of a catalogue while keeping each entry's literal types. */
export function defineErrors<const Catalogue extends Record<string, ErrorDefinition>>(
  catalogue: Catalogue,
): Catalogue {
  return catalogue
}
