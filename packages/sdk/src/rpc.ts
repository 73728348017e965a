import type { BanyanError } from '@banyan/base'
import type { Client } from './client.js'
import { clientError, isTold, toldError } from './errors.js'
import { ask, type Options } from './http.js'

type RpcError = { readonly message: string; readonly data?: { readonly data?: unknown } }

/**
 * One call of Ethereum's JSON-RPC. Errors as for `ask`; what a contract returned when it reverted is in `details.data`.
 */
export async function rpc(
  client: Client,
  method: string,
  params: readonly unknown[],
  options: Options = {},
): Promise<unknown> {
  const content = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const answer = (await ask(client, '/rpc', options, { type: 'application/json', content })) as {
    readonly result?: unknown
    readonly error?: RpcError
  }
  if (answer.error !== undefined) throw rpcError(client, answer.error)
  return answer.result
}

function rpcError({ url }: Client, { message, data }: RpcError): BanyanError {
  // Messages for libraries start with geth's words; ours, where they differ, come in the data.
  const told = { message, ...data }
  if (!isTold(told)) return clientError('AnswerStrange', { url, reason: message })
  const details = typeof data?.data === 'string' ? { data: data.data } : {}
  return toldError({ ...told, message }, details)
}
