import { fail } from '@banyan/base'
import type { Translation } from '../dialect/translate.js'
import { literal, literals } from './literals.js'
import type { Call } from './messages.js'

/** A value for a parameter of `main`; `null` where its default stands. */
type Bound = { readonly value: unknown } | null

/** The name under which scripts load the body of the request. */
export const bodyName = 'body:'

/**
 * Parameters of `main` for a request: `args` in their order, named ones by their names whatever their case, and the
 * body as `source` if the script has such a parameter. As JSON for the sandbox.
 *
 * Errors: ParameterUnknown, DarkroomRequestInvalid.
 */
export function bindCall({ parameters: own, readsRequest }: Translation, call: Call): string {
  const values: Bound[] = own.map(() => null)
  if (call.args !== undefined) {
    for (const [i, value] of literals(call.args).entries()) values[i] = { value }
  }
  const indexOf = (name: string) => own.findIndex((other) => other?.toLowerCase() === name.toLowerCase())
  for (const [name, text] of Object.entries(call.parameters)) {
    const index = indexOf(name)
    if (index >= 0) values[index] = { value: literal(text) }
    else if (!readsRequest)
      fail('ParameterUnknown', { name, names: own.filter((known) => known).join(', ') || 'none' })
  }
  const source = indexOf('source')
  if (call.hasBody && source >= 0) values[source] ??= { value: bodyName }
  return JSON.stringify({ values, parameters: call.parameters })
}
