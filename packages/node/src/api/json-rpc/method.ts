import { fail } from '@banyan/base'
import type { z } from 'zod'
import type { ApiLimits } from '../limits.js'
import type { NodeApi } from '../port.js'
import type { Filters } from './filters.js'

/** What methods work on. */
export type RpcContext = {
  readonly node: NodeApi
  readonly limits: ApiLimits
  readonly filters: Filters
}

/** One method; its result is what `JSON.stringify` makes of it. */
export type RpcMethod = (context: RpcContext, params: readonly unknown[]) => unknown

export type RpcMethods = Readonly<Record<string, RpcMethod>>

/** A method whose parameters have a schema: a tuple, in the order of the call. */
export function method<Params extends z.ZodType<readonly unknown[]>>(
  params: Params,
  run: (context: RpcContext, ...args: z.output<Params>) => unknown,
): RpcMethod {
  return (context, given) => run(context, ...parseParams(params, given))
}

/** The value that a schema makes of what was given. Error: ParametersInvalid, which names the place. */
export function parseParams<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
  const reason = `${place}${issue?.message ?? 'not valid'}`
  return fail('ParametersInvalid', { reason: reason.slice(0, 300) })
}

/** A method without parameters. Some clients send some nevertheless, which geth ignores too. */
export function plainMethod(run: (context: RpcContext) => unknown): RpcMethod {
  return (context) => run(context)
}
