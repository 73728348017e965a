import {
  connectWallet,
  createClient,
  createPasskey,
  findPasskey,
  findWallets,
  getBalance,
  type PasskeyAccount,
  passkeyAccount,
  type Receipt,
  send,
  type Wallet,
  watchBlocks,
  watchConnection,
} from '@banyan/sdk'

/** What an application does in a page, with nothing but the SDK. */

declare const window: EventTarget

type Hex = `0x${string}`

let account: PasskeyAccount | undefined

export async function makePasskey(name: string): Promise<string> {
  account = await createPasskey({ name })
  return account.address
}

/** As a page does that was loaded again. */
export async function usePasskeyAgain(): Promise<string> {
  const { credentialId, publicKey } = account!
  account = passkeyAccount({ credentialId, publicKey })
  return account.address
}

export async function findPasskeyAgain(url: string): Promise<string> {
  account = undefined
  account = await findPasskey(createClient({ url }))
  return account.address
}

export async function pay(url: string, to: Hex, amount: bigint, asset = 0): Promise<Receipt> {
  return send(createClient({ url, account: account! }), { to, amount, asset }).final
}

export const balanceOf = (url: string, address: Hex) => getBalance(createClient({ url }), { address })

export async function heights(url: string, count: number): Promise<number[]> {
  const found: number[] = []
  for await (const { height } of watchBlocks(createClient({ url }))) {
    if (found.push(height) === count) break
  }
  return found
}

let followed:
  | { readonly heights: number[]; readonly states: string[]; readonly abort: AbortController }
  | undefined

/** Follows blocks until `stopFollowing`, by polling where `without` takes the ways of a stream away. */
export async function follow(url: string, timeoutMs: number, without?: 'streams'): Promise<void> {
  const refuse: typeof fetch = (input, init) =>
    String(input).includes('/v1/events') ? Promise.reject(new TypeError('blocked')) : fetch(input, init)
  const client = createClient({ url, timeoutMs, ...(without && { fetch: refuse }) })
  const used = without ? { ...client, webSocket: undefined } : client
  const following = { heights: [] as number[], states: [] as string[], abort: new AbortController() }
  followed = following
  const end = watchConnection(used, (state) => following.states.push(state))
  following.abort.signal.addEventListener('abort', end)
  try {
    for await (const { height } of watchBlocks(used, following.abort)) following.heights.push(height)
  } catch (error) {
    if (!following.abort.signal.aborted) throw error
  }
}

export const seen = () => ({ heights: followed!.heights, states: followed!.states })
export const stopFollowing = () => followed!.abort.abort()

type Port = { postMessage(value: unknown): void; onmessage: (event: { readonly data: unknown }) => void }
declare const Worker: new (url: string, options: { readonly type: 'module' }) => Port & { terminate(): void }

// This very script, where it runs in a worker.
if (typeof window === 'undefined') {
  const port = globalThis as unknown as Port
  port.onmessage = async ({ data }) => {
    const [url, count] = data as [string, number]
    port.postMessage(await heights(url, count))
  }
}

export function heightsInWorker(url: string, count: number): Promise<number[]> {
  const worker = new Worker(import.meta.url, { type: 'module' })
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => {
      worker.terminate()
      resolve(data as number[])
    }
    worker.postMessage([url, count])
  })
}

/** A wallet that keeps its requests and leaves the rest to the node. */
export async function payByWallet(url: string, from: Hex, to: Hex, answers: Record<string, unknown>) {
  const requests: string[] = []
  let chain = '0x1'
  const provider: Wallet['provider'] = {
    request: async ({ method, params }) => {
      requests.push(method)
      if (method === 'eth_requestAccounts') return [from]
      if (method === 'eth_chainId') return chain
      if (method === 'wallet_switchEthereumChain') throw Object.assign(new Error('unknown'), { code: 4902 })
      if (method === 'wallet_addEthereumChain') {
        chain = (params as [{ chainId: string }])[0].chainId
        return null
      }
      if (method in answers) return answers[method]
      throw Object.assign(new Error('User rejected the request.'), { code: 4001 })
    },
  }
  const info = { uuid: '1', name: 'Test', icon: 'data:,', rdns: 'test.wallet' }
  window.addEventListener('eip6963:requestProvider', () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } })),
  )
  const wallet = await new Promise<Wallet>((resolve) => {
    const end = findWallets(([first]) => {
      resolve(first!)
      queueMicrotask(() => end())
    })
  })
  const client = createClient({ url })
  const connected = await connectWallet(client, { wallet })
  const sending = send(createClient({ url, account: connected }), { to, amount: 9n })
  const outcome = await sending.final.then(
    ({ status }) => status,
    (error: { kind: string }) => error.kind,
  )
  return { requests, outcome, name: wallet.info.name, chain }
}
