import { BanyanError, type ErrorDetail } from './banyan-error.js'
import { type ErrorName, errorRegistry } from './registry.js'

/** Names between braces in a message template. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

export type ErrorDetails<Name extends ErrorName> = {
  readonly [Key in Placeholders<(typeof errorRegistry)[Name]['message']>]: ErrorDetail
}

type DetailArguments<Name extends ErrorName> = keyof ErrorDetails<Name> extends never
  ? [details?: Record<string, never>, cause?: unknown]
  : [details: ErrorDetails<Name>, cause?: unknown]

/** The registry error `kind` with details that nothing has checked, as they come from elsewhere. */
export function registryError(
  kind: ErrorName,
  details: Readonly<Record<string, ErrorDetail>>,
  cause?: unknown,
): BanyanError {
  return new BanyanError(kind, errorRegistry[kind], details, cause)
}

/** Builds the registry error `kind`. */
export function banyanError<Name extends ErrorName>(kind: Name, ...rest: DetailArguments<Name>): BanyanError {
  return registryError(kind, rest[0] ?? {}, rest[1])
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
