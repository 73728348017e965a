import type { Role } from '@banyan/local/api'
import { askOrigin } from '../local-network.js'

/** Where the origin passes requests on to the region. */
export const computePath = '/compute'

export type ComputeInit = RequestInit & {
  /** Whose key; that of the enterprise unless given. */
  readonly as?: Role
}

/** A request to the region with the key of one of the network's people. */
export function withRole({ as, ...init }: ComputeInit): RequestInit {
  if (as === undefined) return init
  const headers = new Headers(init.headers)
  headers.set('banyan-as', as)
  return { ...init, headers }
}

/** The answer of a path below /_banyan of the region. Errors: those that it tells. */
export function askRegion<Answer>(path: string, init: ComputeInit = {}): Promise<Answer> {
  return askOrigin<Answer>(`${computePath}/_banyan/${path}`, withRole(init))
}

/** A value as the body of a request. */
export function jsonBody(method: 'POST' | 'PUT', value: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
