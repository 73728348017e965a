/** An error as providers throw it: EIP-1193 and JSON-RPC 2.0. */
export function providerError(code: number, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** Asks the person; rejects with 4001 if they say no. */
export type Ask = (method: string) => Promise<void>

/** One JSON-RPC request to a node. */
export type Rpc = (url: string, method: string, params: readonly unknown[]) => Promise<unknown>

export const rpc: Rpc = async (url, method, params) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as {
    readonly result?: unknown
    readonly error?: { readonly code: number; readonly message: string }
  }
  if (error !== undefined) throw providerError(error.code, error.message)
  return result
}
