import { fail } from '@banyan/base'
import type { z } from 'zod'

/**
 * The value that a schema makes of what was given. Error: ParametersInvalid, which names the place and what is expected there;
 * not what was given, for it may be a secret.
 */
export function checkParams<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
  const reason = `${place}${issue?.message ?? 'not valid'}`
  return fail('ParametersInvalid', { reason: reason.slice(0, 300) })
}
