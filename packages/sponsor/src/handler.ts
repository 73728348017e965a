import { BanyanError, banyanError, errorRegistry, fromHex, toHex } from '@banyan/base'
import type { Sponsor } from './sponsor.js'

export type HandlerOptions = {
  /** Origins of pages that may ask, such as `https://app.example`; `*` for all. */
  readonly origins: readonly string[]
  /** Who may read statements, which name users; nobody by default. */
  readonly mayReadStatements?: (request: Request) => boolean | Promise<boolean>
  /** Told of what is no refusal: a broken disk, a node that is away, a defect. */
  readonly onFailure: (error: unknown) => void
}

/** Twice the largest envelope, as hexadecimal text. */
const maxBodyLength = 2 ** 18 + 1_000
/** How often outcomes are looked up while requests come in. */
const settleMs = 5_000

/**
 * HTTP face of a sponsor, to be mounted at any path: GET names the sponsor, POST with `{ envelope }` asks for a signature,
 * GET of `statements/2026-11` below it gives the totals of a month.
 */
export function createSponsorHandler(
  sponsor: Sponsor,
  options: HandlerOptions,
): (request: Request) => Promise<Response> {
  let settledAt = 0
  const settle = (): void => {
    if (performance.now() - settledAt < settleMs) return
    settledAt = performance.now()
    sponsor.settle().catch(options.onFailure)
  }

  const answer = async (request: Request): Promise<unknown> => {
    const month = /\/statements\/(\d{4}-\d{2})$/.exec(new URL(request.url).pathname)?.[1]
    if (request.method === 'POST' && month === undefined) {
      settle()
      const { maxFee, signature } = await sponsor.grant(await envelopeOf(request))
      const { kind, publicKey, signature: bytes } = signature
      return {
        maxFee: String(maxFee),
        signature: { kind, publicKey: toHex(publicKey), signature: toHex(bytes) },
      }
    }
    if (request.method !== 'GET') throw banyanError('MethodNotFound', { method: request.method })
    if (month === undefined) return { sponsor: sponsor.address }
    if (!((await options.mayReadStatements?.(request)) ?? false)) {
      throw banyanError('OriginRefused', { what: 'for statements by strangers' })
    }
    await sponsor.settle()
    return sponsor.statement(month)
  }

  return async (request) => {
    const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    const origin = request.headers.get('origin')
    if (origin !== null && (options.origins.includes(origin) || options.origins.includes('*'))) {
      headers.set('access-control-allow-origin', origin)
      headers.set('vary', 'origin')
      headers.set('access-control-allow-headers', 'content-type')
    }
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    try {
      return new Response(textOf(await answer(request)), { status: 200, headers })
    } catch (error) {
      const { status, body } = refusalOf(error)
      if (status === 503) options.onFailure(error)
      return new Response(textOf(body), { status, headers })
    }
  }
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? String(field) : field))

/** Errors: RequestMalformed, RequestLimitExceeded. */
async function envelopeOf(request: Request): Promise<Uint8Array> {
  const body = await textWithin(request)
  try {
    const { envelope } = JSON.parse(body) as { readonly envelope?: unknown }
    const bytes = typeof envelope === 'string' ? fromHex(envelope) : undefined
    if (bytes !== undefined) return bytes
  } catch {
    // Told below.
  }
  throw banyanError('RequestMalformed', { reason: 'it is not {"envelope": "0x…"}' })
}

/** Reads no more than the limit, whatever is sent. */
async function textWithin(request: Request): Promise<string> {
  const decoder = new TextDecoder()
  const reader = request.body?.getReader()
  let text = ''
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || value === undefined) return text
    text += decoder.decode(value, { stream: true })
    if (text.length > maxBodyLength) {
      await reader!.cancel()
      throw banyanError('RequestLimitExceeded', { what: 'the length of the body', limit: maxBodyLength })
    }
  }
}

/** Transactions that are wrong and refusals are the asker's matter; of all else it learns that it failed. */
function refusalOf(error: unknown): { readonly status: number; readonly body: unknown } {
  const isTold = error instanceof BanyanError && statusOf(error) !== 503
  const shown = isTold ? error : banyanError('RequestFailed', {}, error)
  const { kind, code, message, fix, docs, retryable } = shown
  const { cause } = errorRegistry[kind]
  return {
    status: statusOf(shown),
    body: { error: { code, name: kind, message, cause, fix, docs, retryable } },
  }
}

const statuses: Partial<Record<BanyanError['kind'], number>> = {
  SponsorshipRefused: 403,
  OriginRefused: 403,
  StatementUnknown: 404,
  MethodNotFound: 405,
  RequestLimitExceeded: 413,
  RequestMalformed: 400,
}

function statusOf({ kind, number }: BanyanError): number {
  const isOfTransaction = Math.floor(number / 100) === 12
  return statuses[kind] ?? (isOfTransaction ? 400 : 503)
}
