import { open } from 'node:fs/promises'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { fail } from '@banyan/base'
import type { Transformed } from './transform.js'

type Range = { readonly start: number; readonly end: number }

/** The part that `Range` asks for, both ends included; `undefined` for everything. Errors: RangeUnsatisfiable. */
export function rangeOf(header: string | undefined, bytes: number): Range | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (match === null || match[0] === 'bytes=-') return undefined
  const [, from, to] = match as unknown as [string, string, string]
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from)
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (start > end) fail('RangeUnsatisfiable', { bytes })
  return { start, end }
}

/** The longest that anybody else may keep a result. */
const maxAge = 86_400

function cacheControl(request: IncomingMessage, freshUntil: number): string {
  if (request.method === 'POST') return 'no-store'
  const seconds = Math.floor((freshUntil - Date.now()) / 1000)
  return seconds <= 0 ? 'no-cache' : `public, max-age=${Math.min(maxAge, seconds)}`
}

/** Headers of a result, whichever part of it is sent. */
function headersOf(
  request: IncomingMessage,
  { result, isCached, freshUntil }: Transformed,
): OutgoingHttpHeaders {
  return {
    'content-type': result.type,
    etag: `"${result.hash}"`,
    'cache-control': cacheControl(request, freshUntil),
    'cache-status': `darkroom; ${isCached ? 'hit' : 'fwd=miss'}`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    ...(result.varies ? { vary: 'accept' } : {}),
  }
}

const listed = (header: string | undefined, etag: string) =>
  header?.split(',').some((entry) => entry.trim().replace(/^W\//, '') === etag || entry === '*')

/** Streams a result, or the part that was asked for, or says that the client has it already. */
export async function sendResult(
  request: IncomingMessage,
  response: ServerResponse,
  transformed: Transformed,
): Promise<void> {
  const { result } = transformed
  const headers = headersOf(request, transformed)
  const etag = `"${result.hash}"`
  if (request.method !== 'POST' && listed(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end()
    return
  }
  const condition = request.headers['if-range']
  const isRangeValid = request.method === 'GET' && (condition === undefined || condition === etag)
  const range = isRangeValid ? rangeOf(request.headers.range, result.bytes) : undefined
  const { start, end } = range ?? { start: 0, end: result.bytes - 1 }
  headers['content-length'] = end - start + 1
  if (range !== undefined) headers['content-range'] = `bytes ${start}-${end}/${result.bytes}`
  // Opened before the headers are sent, and while it exists for certain.
  const file = await open(result.path)
  try {
    response.writeHead(range === undefined ? 200 : 206, headers)
    if (request.method === 'HEAD' || result.bytes === 0) response.end()
    else await pipeline(file.createReadStream({ start, end, autoClose: false }), response)
  } finally {
    await file.close()
  }
}
