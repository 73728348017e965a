import type { RegionStatus } from '@banyan/central-link'
import type { Fields, OperationHead } from '@banyan/http-api'
import { z } from 'zod'
import type { Central } from '../../central.js'
import type { Credentials, Identity } from '../../check/credentials.js'
import type { SelectParts } from '../../select/regions.js'
import type { Vault } from '../../vault.js'

/** What routes work on. */
export type Scope = {
  readonly central: Central
  readonly credentials: Credentials
  readonly vault: Vault
  readonly select: SelectParts
  readonly now: () => number
  /** Regions that are connected. */
  readonly connected: () => readonly string[]
  /** Newest report of a region that is up. */
  readonly statusOf: (region: string) => RegionStatus | undefined
  /** Tells regions after this replica became the writer. */
  readonly onPromoted: () => void
}

type Form = z.ZodType

export type RouteRequest<Params, Query, Body> = {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Who asks; `undefined` where nobody needs to show who they are. */
  readonly identity: Identity | undefined
  /** Address of whoever asks. */
  readonly address: string
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal
}

/** One operation of the API: its description is the source of the OpenAPI document and of every check. */
export type Route = OperationHead & {
  /** Whether it is open to those who show no credentials. */
  readonly open: boolean
  readonly body: Form | undefined
  readonly answer: Form
  readonly run: (scope: Scope, request: RouteRequest<unknown, unknown, unknown>) => Promise<unknown>
}

type Definition<Params extends Fields, Query extends Fields, Body extends Form> = Pick<
  Route,
  'method' | 'path' | 'id' | 'summary' | 'answer'
> & {
  readonly open?: boolean
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly run: (
    scope: Scope,
    request: RouteRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<unknown>
}

/** Checks a route's function against its schemas at compile time. */
export function route<Params extends Fields, Query extends Fields, Body extends Form>(
  definition: Definition<Params, Query, Body>,
): Route {
  const nothing = { open: false, params: z.object({}), query: z.object({}), body: undefined }
  return { ...nothing, ...definition } as unknown as Route
}
