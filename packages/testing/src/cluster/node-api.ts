import { concatBytes } from '@banyan/base'

/** What tests ask a node over HTTP, as any client could. */

export type Status = { readonly height: number; readonly blockId: `0x${string}`; readonly ready: boolean }

const timeoutMs = 60_000
/** Calls in one JSON-RPC batch. */
const batchCalls = 100

async function get(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
}

export async function statusOf(rpc: string): Promise<Status> {
  return (await (await get(`${rpc}/v1/status`)).json()) as Status
}

/** Values of metrics by name, without those that have labels. */
export async function metricsOf(admin: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await get(`${admin}/metrics`)).text()
  return new Map([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]))
}

/** View of a block, as its header says. */
export async function viewOfBlock(rpc: string, height: number): Promise<number> {
  const block = (await (await get(`${rpc}/v1/blocks/${height}`)).json()) as { view: number }
  return block.view
}

/** Calls a method with each of many parameter lists. Rejects if any of them fails. */
export async function callAll<Result>(
  rpc: string,
  method: string,
  parameters: readonly (readonly unknown[])[],
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let at = 0; at < parameters.length; at += batchCalls) {
    const calls = parameters
      .slice(at, at + batchCalls)
      .map((params, id) => ({ jsonrpc: '2.0', id, method, params }))
    const response = await fetch(rpc, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(calls),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answers = (await response.json()) as { id: number; result?: Result; error?: unknown }[]
    answers.sort((a, b) => a.id - b.id)
    for (const { result, error } of answers) {
      if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
      results.push(result as Result)
    }
  }
  return results
}

export type SubmitResult = { readonly id?: `0x${string}`; readonly error?: { readonly name: string } }

/** Sends envelopes to the native API; an answer for each of them. */
export async function submit(
  rpc: string,
  envelopes: readonly Uint8Array[],
): Promise<readonly SubmitResult[]> {
  const parts = envelopes.flatMap((envelope) => {
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, envelope.length, true)
    return [length, envelope]
  })
  const response = await fetch(`${rpc}/v1/transactions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.banyan.envelopes' },
    body: concatBytes(...parts) as Uint8Array<ArrayBuffer>,
    signal: AbortSignal.timeout(timeoutMs),
  })
  const { results } = (await response.json()) as { results: readonly SubmitResult[] }
  return results
}

/** Ids of the transactions of a block. */
export async function idsOfBlock(rpc: string, height: number): Promise<readonly string[]> {
  const url = `${rpc}/v1/blocks/${height}/transactions`
  const ids: string[] = []
  for (let from: number | null = 0; from !== null; ) {
    const page = (await (await get(`${url}?from=${from}&limit=10000`)).json()) as {
      ids: readonly string[]
      next: number | null
    }
    ids.push(...page.ids)
    from = page.next
  }
  return ids
}
