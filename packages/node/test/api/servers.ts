import { type ApiServerOptions, createApiServer } from '@banyan/node/api'
import { afterAll } from 'vitest'
import { createInstantChain, type InstantChain } from './instant-chain.js'

export type Served = {
  readonly instant: InstantChain
  readonly url: string
  readonly wsUrl: string
  /** One JSON-RPC call; the whole answer. */
  readonly rpc: (method: string, ...params: readonly unknown[]) => Promise<RpcAnswer>
  /** Sends a body as it is to the root, and returns status and text. */
  readonly raw: (body: string | Uint8Array, headers?: Record<string, string>) => Promise<Raw>
  readonly get: (path: string, init?: RequestInit) => Promise<Response>
}

export type Raw = { readonly status: number; readonly type: string | null; readonly text: string }

export type RpcAnswer = {
  readonly jsonrpc: string
  readonly id: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data: Record<string, unknown> }
}

/** A node with its APIs on a free port of this machine, until the tests of the file are over. */
export async function serve(
  options: Omit<Partial<ApiServerOptions>, 'node'> = {},
  instant = createInstantChain(),
): Promise<Served> {
  const server = createApiServer({ node: instant.node, ...options })
  const port = await server.listen(0, '127.0.0.1')
  afterAll(server.close)
  const url = `http://127.0.0.1:${port}`
  const raw: Served['raw'] = async (body, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body as string,
    })
    const type = response.headers.get('content-type')
    return { status: response.status, type, text: await response.text() }
  }
  return {
    instant,
    url,
    wsUrl: `ws://127.0.0.1:${port}`,
    raw,
    rpc: async (method, ...params) => {
      const { text } = await raw(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
      return JSON.parse(text) as RpcAnswer
    },
    get: (path, init) => fetch(`${url}${path}`, init),
  }
}
