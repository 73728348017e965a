import { BanyanError, clientErrors, type ErrorDetail, type ErrorName } from '@banyan/base'

/** An error of the client itself. The rest of the registry stays out of small bundles. */
export function clientError(
  kind: keyof typeof clientErrors,
  details: Readonly<Record<string, ErrorDetail>>,
  cause?: unknown,
): BanyanError {
  return new BanyanError(kind, clientErrors[kind], details, cause)
}

/** What a node or a sponsor says of an error: docs/rpc.md "Native API". */
export type ToldError = {
  readonly code: string
  readonly name: string
  readonly message: string
  readonly fix: string
  readonly retryable: boolean
}

/** The error that the other side reported, as if it had happened here. A newer node may know further names. */
export function toldError(
  { code, name, message, fix, retryable }: ToldError,
  details: Readonly<Record<string, ErrorDetail>> = {},
): BanyanError {
  const definition = { code: Number(String(code).slice(4)), message, fix, retryable }
  return new BanyanError(name as ErrorName, definition, details)
}

/** Whether an answer carries an error in our form. */
export function isTold(value: unknown): value is ToldError {
  if (typeof value !== 'object' || value === null) return false
  const { code, name, message, fix } = value as Partial<Record<keyof ToldError, unknown>>
  return [code, name, message, fix].every((text) => typeof text === 'string')
}
