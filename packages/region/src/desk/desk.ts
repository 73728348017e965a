import type { IncomingMessage, ServerResponse } from 'node:http'
import { assert, banyanError, fail } from '@banyan/base'
import type { Scope } from '@banyan/central-link'
import type { ClientAccount } from '../accounts/port.js'
import type { Services } from '../accounts/services.js'
import type { Charges } from '../charges/open-charges.js'
import type { Region } from '../region.js'
import { sendError, sendJson } from '../work/answer.js'
import { readJson } from '../work/read-json.js'
import type { History } from './history.js'

/** What the desk answers from. */
export type DeskParts = {
  readonly region: Region
  readonly history: History
  readonly services: Services
  /** Missing where nothing is charged. */
  readonly charges: Charges | undefined
  readonly routes: readonly DeskRoute[]
}

export type DeskRequest = {
  readonly client: ClientAccount
  /** What the path has in its place with a star. */
  readonly name: string
  readonly query: URLSearchParams
  /** The body as JSON. Error: WorkMalformed. */
  readonly body: () => Promise<unknown>
  readonly response: ServerResponse
}

/** Gives the answer, or `sent` if it has answered itself. */
export type DeskRoute = {
  readonly method: string
  /** Below /_banyan/; a star stands for one part. */
  readonly path: string
  readonly run: (parts: DeskParts, request: DeskRequest) => unknown
}

export const sent = Symbol('sent')

/** What a region that charges nothing refuses; its routes are not loaded there. */
const chargePaths = [
  'quote',
  'spend',
  'budget',
  'earnings',
  'periods',
  'charges/*',
  'statements/*',
  'settle',
] as const

/** A route of what is charged: none has a path that is not refused elsewhere. */
export type ChargeRoute = DeskRoute & { readonly path: (typeof chargePaths)[number] }

/** Answers requests of clients about their work and its cost; `false` if the path is none of the desk. */
export function answerAtDesk(
  parts: DeskParts,
  request: IncomingMessage,
  response: ServerResponse,
  client: ClientAccount,
): boolean {
  const url = new URL(request.url ?? '/', 'http://region')
  const [, , first = '', name = '', ...rest] = url.pathname.split('/')
  const path = name === '' ? first : `${first}/*`
  if (parts.charges === undefined && chargePaths.some((refused) => refused === path))
    return refuseCharges(response)
  const route = parts.routes.find(
    (candidate) => candidate.path === path && candidate.method === request.method,
  )
  if (route === undefined || rest.length > 0) return false
  const told = { client, name: decodedName(name), query: url.searchParams, response }
  const run = async (): Promise<void> => {
    const answer = await route.run(parts, { ...told, body: () => readJson(request) })
    if (answer !== sent) sendJson(response, 200, answer)
  }
  run().catch((error: unknown) => sendError(response, error))
  return true
}

/** Error: WorkMalformed. */
function decodedName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch (error) {
    return fail('WorkMalformed', { reason: 'its address is not encoded as it should be' }, error)
  }
}

function refuseCharges(response: ServerResponse): true {
  sendError(response, banyanError('ChargesOff'))
  return true
}

export function needScope({ scopes }: ClientAccount, scope: Scope): void {
  if (!scopes.includes(scope)) fail('ScopeRefused', { scope })
}

/** The account whose work is read: everybody reads their own, an operator all. */
export function readerOf(client: ClientAccount): string | undefined {
  if (client.scopes.includes('operate')) return undefined
  needScope(client, 'work')
  return client.account
}

/** For routes that are there only where work is charged. */
export function chargesOf({ charges }: DeskParts): Charges {
  assert(charges !== undefined, 'routes of charges belong to regions that charge')
  return charges
}

/** Error: WalletMissing. */
export function walletOf({ account, wallet }: ClientAccount): string {
  return wallet ?? fail('WalletMissing', { account })
}

/** A whole number of a query. Error: WorkMalformed. */
export function numberIn(query: URLSearchParams, name: string, usual: number, most: number): number {
  const text = query.get(name)
  if (text === null) return usual
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  return value <= most ? value : fail('WorkMalformed', { reason: `${name} is no number up to ${most}` })
}
