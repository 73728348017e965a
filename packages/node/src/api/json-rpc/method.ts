import { checkParams } from '@banyan/http-api'
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
  return (context, given) => run(context, ...checkParams(params, given))
}

/** A method without parameters. Some clients send some nevertheless, which geth ignores too. */
export function plainMethod(run: (context: RpcContext) => unknown): RpcMethod {
  return (context) => run(context)
}
