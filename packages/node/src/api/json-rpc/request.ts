import { fail } from '@banyan/base'

export type RpcId = string | number | null

/** One call of JSON-RPC 2.0. */
export type RpcCall = {
  readonly id: RpcId
  readonly method: string
  readonly params: readonly unknown[]
  /** A call without id: it is carried out, and nobody waits for an answer. */
  readonly isNotification: boolean
}

const maxIdLength = 256
const maxMethodLength = 100

/** The id of a call whatever else is wrong with it; `null` if it has none. */
export function idOf(value: unknown): RpcId {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  const { id } = value
  if (typeof id === 'string' && id.length <= maxIdLength) return id
  return typeof id === 'number' ? id : null
}

/** Reads one call. Error: RequestMalformed. */
export function readCall(value: unknown): RpcCall {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail('RequestMalformed', { reason: 'a call is an object' })
  }
  const { jsonrpc, method, params } = value as Readonly<Record<string, unknown>>
  if (jsonrpc !== '2.0') fail('RequestMalformed', { reason: '"jsonrpc" is not "2.0"' })
  if (typeof method !== 'string' || method.length > maxMethodLength) {
    fail('RequestMalformed', { reason: '"method" is not a text of at most 100 characters' })
  }
  if (params !== undefined && params !== null && !Array.isArray(params)) {
    fail('RequestMalformed', { reason: '"params" is not a list' })
  }
  const given = 'id' in value ? value.id : undefined
  if (given !== undefined && given !== null && idOf(value) === null) {
    fail('RequestMalformed', { reason: '"id" is neither a number nor a text of at most 256 characters' })
  }
  return { id: idOf(value), method, params: params ?? [], isNotification: given === undefined }
}
