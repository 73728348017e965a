import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fields, OperationHead } from '@banyan/http-api'
import type { z } from 'zod'
import type { ApiLimits } from '../limits.js'
import type { NodeApi } from '../port.js'

/** What routes work on. */
export type Scope = { readonly node: NodeApi; readonly limits: ApiLimits }

/** What a route sends back besides JSON: bytes as they are, or a stream that it writes itself. */
export type Answer =
  | { readonly kind: 'json'; readonly schema: z.ZodType }
  | { readonly kind: 'bytes'; readonly description: string }
  | { readonly kind: 'events'; readonly description: string }

/** One operation of the native API: its description is the source of the OpenAPI document and of every check. */
export type Route = OperationHead & {
  /** Media types of the body; none: there is no body. */
  readonly bodyTypes: readonly string[]
  readonly answer: Answer
  readonly run: (scope: Scope, request: RouteRequest) => Promise<unknown>
}

export type RouteRequest = {
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  /** Body and its media type; empty for routes without one. */
  readonly body: Uint8Array
  readonly bodyType: string
  /** For streams. */
  readonly http: { readonly request: IncomingMessage; readonly response: ServerResponse }
}

type Definition<Params extends Fields, Query extends Fields> = Omit<
  Route,
  'params' | 'query' | 'bodyTypes' | 'run'
> & {
  readonly params: Params
  readonly query: Query
  readonly bodyTypes?: readonly string[]
  readonly run: (
    scope: Scope,
    request: Omit<RouteRequest, 'params' | 'query'> & {
      readonly params: z.output<Params>
      readonly query: z.output<Query>
    },
  ) => Promise<unknown>
}

/** Checks a route's function against its schemas at compile time. */
export function route<Params extends Fields, Query extends Fields>(
  definition: Definition<Params, Query>,
): Route {
  return { bodyTypes: [], ...definition } as unknown as Route
}
