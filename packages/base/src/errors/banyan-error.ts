import type { ErrorDefinition } from './definition.js'
import type { ErrorName } from './registry.js'

export type ErrorDetail = string | number | bigint | boolean

/**
 * A failure that its user can act on. It knows nothing of the registry, which is larger than a small client may be:
 * whoever makes one brings its definition. `banyanError` takes that from the registry.
 */
export class BanyanError extends Error {
  override readonly name = 'BanyanError'
  readonly code: `BYN-${number}`
  readonly number: number
  readonly kind: ErrorName
  readonly fix: string
  readonly retryable: boolean
  readonly docs: string
  readonly details: Readonly<Record<string, ErrorDetail>>

  constructor(
    kind: ErrorName,
    definition: Omit<ErrorDefinition, 'cause'>,
    details: Readonly<Record<string, ErrorDetail>>,
    cause?: unknown,
  ) {
    const fill = (text: string): string =>
      text.replace(/\{(\w+)\}/g, (whole, key: string) => String(details[key] ?? whole))
    super(fill(definition.message), cause === undefined ? undefined : { cause })
    this.kind = kind
    this.number = definition.code
    this.code = `BYN-${definition.code}`
    this.fix = fill(definition.fix)
    this.retryable = definition.retryable
    this.docs = `docs/errors.md#byn-${definition.code}`
    this.details = details
  }
}
