import {
  BanyanProvider,
  balanceQueryOptions,
  type UseAccount,
  type UseSend,
  type UseSignIn,
  useAccount,
  useActivity,
  useAsset,
  useBalance,
  useBlocks,
  useNetwork,
  useSend,
  useSignIn,
  useTransaction,
} from '@banyan/react'
import { createClient, createToken, type SendRequest } from '@banyan/sdk'
import { createElement, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'

/** An application that shows what the hooks say, and does what its test asks. */

declare const document: {
  readonly body: { append(element: object): void }
  createElement(name: string): Element
}
declare const localStorage: Storage
type Element = Parameters<typeof createRoot>[0]
type Storage = {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

type Shown = {
  readonly address: string | undefined
  readonly balance: bigint | undefined
  readonly symbol: string | undefined
  readonly activity: readonly string[]
  readonly heights: readonly number[]
  readonly height: number | undefined
  readonly connection: string
  readonly phase: string
  readonly phaseText: string
  readonly state: string | undefined
  readonly error: string | undefined
}

let shown: Shown | undefined
let phases: string[] = []
let hooks: { readonly account: UseAccount; readonly signIn: UseSignIn; readonly send: UseSend } | undefined
const requests: string[] = []

function App(): null {
  const account = useAccount()
  const signIn = useSignIn()
  const send = useSend()
  const { address } = account
  const balance = useBalance({ address })
  const activity = useActivity({ address })
  const blocks = useBlocks({ limit: 5 })
  const network = useNetwork()
  const fig = useAsset({ asset: 0 })
  const transaction = useTransaction({ id: send.id })
  hooks = { account, signIn, send }
  if (phases.at(-1) !== send.phase) phases.push(send.phase)
  shown = {
    address,
    balance: balance.data,
    symbol: fig.data?.symbol,
    activity: (activity.data?.pages ?? []).flatMap(({ items }) => items.map(({ id }) => id)),
    heights: (blocks.data ?? []).map(({ height }) => height),
    height: network.data?.height,
    connection: network.connection,
    phase: send.phase,
    phaseText: send.phaseText,
    state: transaction.data?.state,
    error: (signIn.error as { readonly kind?: string } | undefined)?.kind,
  }
  return null
}

let root: Root | undefined

export function start(url: string): void {
  const counted: typeof fetch = (input, init) => {
    requests.push(String(input).slice(url.length))
    return fetch(input, init)
  }
  const client = createClient({ url, fetch: counted })
  const element = document.createElement('div')
  document.body.append(element)
  root = createRoot(element)
  const app = createElement(BanyanProvider, { client, storage: localStorage }, createElement(App))
  root.render(createElement(StrictMode, null, app))
}

export function stop(): void {
  root!.unmount()
}

export const show = () => shown
export const seenPhases = () => phases
export const signIn = async (name: string) => (await hooks!.signIn.signIn({ with: 'new', name }))?.address
export const signOut = () => hooks!.signIn.signOut()
export const pay = async (request: SendRequest) => (await hooks!.send.send(request))?.id
export const create = async (name: string) =>
  (
    await hooks!.send.send((client) =>
      createToken(client, { token: { name, symbol: 'TOK', decimals: 0, initialSupply: 5n } }),
    )
  )?.id
export const reset = () => {
  hooks!.send.reset()
  phases = []
}
/** Requests of a kind since the last question. */
export const takeRequests = (part: string) => requests.splice(0).filter((path) => path.includes(part)).length
export const optionsAreShared = () => typeof balanceQueryOptions === 'function'
