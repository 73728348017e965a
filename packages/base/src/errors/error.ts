import { type ErrorName, errorRegistry } from './registry.js'

export type ErrorDetail = string | number | bigint | boolean

/** Names between braces in a message template. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

export type ErrorDetails<Name extends ErrorName> = {
  readonly [Key in Placeholders<(typeof errorRegistry)[Name]['message']>]: ErrorDetail
}

/** A failure that its user can act on. Every field but `details` comes from the registry. */
export class BanyanError extends Error {
  override readonly name = 'BanyanError'
  readonly code: `BYN-${number}`
  readonly number: number
  readonly kind: ErrorName
  readonly fix: string
  readonly retryable: boolean
  readonly docs: string
  readonly details: Readonly<Record<string, ErrorDetail>>

  constructor(kind: ErrorName, details: Readonly<Record<string, ErrorDetail>>, cause?: unknown) {
    const definition = errorRegistry[kind]
    const message = definition.message.replace(/\{(\w+)\}/g, (_, key: string) => String(details[key]))
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.number = definition.code
    this.code = `BYN-${definition.code}`
    this.fix = definition.fix
    this.retryable = definition.retryable
    this.docs = `docs/errors.md#byn-${definition.code}`
    this.details = details
  }
}

type DetailArguments<Name extends ErrorName> = keyof ErrorDetails<Name> extends never
  ? [details?: Record<string, never>, cause?: unknown]
  : [details: ErrorDetails<Name>, cause?: unknown]

/** Builds the registry error `kind`. */
export function banyanError<Name extends ErrorName>(kind: Name, ...rest: DetailArguments<Name>): BanyanError {
  return new BanyanError(kind, rest[0] ?? {}, rest[1])
}

/** Throws the registry error `kind`. */
export function fail<Name extends ErrorName>(kind: Name, ...rest: DetailArguments<Name>): never {
  throw banyanError(kind, ...rest)
}

/**
 * Fail-stop check of an internal invariant. A failure is a defect of Banyan, not of its user: the component
 * stops and its supervisor restarts it.
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) fail('InvariantBroken', { invariant })
}

const namesByCode = new Map<number, ErrorName>(
  Object.entries(errorRegistry).map(([name, definition]) => [definition.code, name as ErrorName]),
)

/** The registry name of a numeric code, as stored in receipts. */
export function errorName(code: number): ErrorName | undefined {
  return namesByCode.get(code)
}

/** The numeric code of a registry name. */
export function errorCode(kind: ErrorName): number {
  return errorRegistry[kind].code
}
