import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { pinnedLookup, type Resolve } from '@banyan/addresses'
import { BanyanError, banyanError, fail } from '@banyan/base'
import { type AllowList, parseAddress, pinAddress } from './addresses.js'

export type DownloadSettings = {
  readonly allow: AllowList
  readonly resolve: Resolve
  /** Of one file, after decompression. */
  readonly maxBytes: number
  /** For all of it, redirects included. */
  readonly timeoutMs: number
}

/** What a server says about a document, and where its bytes were put. */
export type Download = {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  readonly cacheControl: string
}

/** What is known of a document that was fetched before. */
export type Validators = Pick<Download, 'etag' | 'lastModified'>

const maxRedirects = 5
const redirects = [301, 302, 303, 307, 308]

/** The address without its query, which may hold a signature. */
const shown = ({ origin, pathname }: URL) => `${origin}${pathname}`.slice(0, 300)

/** Opens a connection to the pinned address and nothing else. */
export function send(url: URL, address: string, options: RequestOptions) {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return request(url, { ...options, agent: false, lookup: pinnedLookup(async () => [address]) })
}

type Answer = { readonly response: IncomingMessage; readonly url: URL }

async function askOnce(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  settings: DownloadSettings,
) {
  const address = await pinAddress(url, settings.allow, settings.resolve)
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, address, { headers, signal })
    request.on('response', resolve)
    request.on('error', reject)
    request.end()
  })
}

/** Follows redirects; each one is judged like the first address. */
async function ask(
  first: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  settings: DownloadSettings,
): Promise<Answer> {
  let url = first
  for (let i = 0; i <= maxRedirects; i++) {
    const response = await askOnce(url, headers, signal, settings)
    const { location } = response.headers
    if (!redirects.includes(response.statusCode!) || location === undefined) return { response, url }
    response.destroy()
    if (!URL.canParse(location, url))
      fail('InputFailed', { url: shown(first), reason: 'it redirects to nowhere' })
    url = parseAddress(new URL(location, url).href)
  }
  return fail('InputFailed', { url: shown(first), reason: `it redirects more than ${maxRedirects} times` })
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * Writes a stream to a file and hashes it, up to `maxBytes`.
 *
 * Errors: InputTooLarge; those of the stream.
 */
export async function writeBounded(
  from: readonly [Readable, ...Transform[]],
  path: string,
  name: string,
  maxBytes: number,
): Promise<{ readonly bytes: number; readonly hash: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      if (bytes > maxBytes) return done(banyanError('InputTooLarge', { url: name, limit: maxBytes }))
      hash.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline([...from, measure, createWriteStream(path)])
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return { bytes, hash: hash.digest('hex') }
}

async function receive({ response, url }: Answer, path: string, maxBytes: number): Promise<Download> {
  const { etag, 'last-modified': lastModified, 'content-encoding': encoding = 'identity' } = response.headers
  const decoder = decoders[encoding]
  if (decoder === undefined && encoding !== 'identity')
    fail('InputFailed', { url: shown(url), reason: `its encoding ${encoding} is not known` })
  if (Number(response.headers['content-length'] ?? 0) > maxBytes)
    fail('InputTooLarge', { url: shown(url), limit: maxBytes })
  const parts = decoder === undefined ? ([response] as const) : ([response, decoder()] as const)
  const written = await writeBounded(parts, path, shown(url), maxBytes)
  return { path, ...written, etag, lastModified, cacheControl: response.headers['cache-control'] ?? '' }
}

function headersFor(known: Validators | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'Banyan-Darkroom',
  }
  if (known?.etag !== undefined) headers['if-none-match'] = known.etag
  if (known?.lastModified !== undefined) headers['if-modified-since'] = known.lastModified
  return headers
}

/**
 * Fetches a document into a file; `undefined` if it is still the one that `known` describes.
 *
 * Errors: InputRefused, InputFailed, InputTooLarge.
 */
export async function download(
  text: string,
  path: string,
  known: Validators | undefined,
  settings: DownloadSettings,
): Promise<Download | undefined> {
  const url = parseAddress(text)
  const signal = AbortSignal.timeout(settings.timeoutMs)
  try {
    const answer = await ask(url, headersFor(known), signal, settings)
    const { statusCode } = answer.response
    if (statusCode !== 200) answer.response.destroy()
    if (statusCode === 304 && known !== undefined) return undefined
    if (statusCode !== 200)
      fail('InputFailed', { url: shown(url), reason: `the server answered ${statusCode}` })
    return await receive(answer, path, settings.maxBytes)
  } catch (error) {
    if (error instanceof BanyanError) throw error
    const reason = signal.aborted
      ? `it took more than ${settings.timeoutMs / 1000} s`
      : (error as Error).message
    throw banyanError('InputFailed', { url: shown(url), reason }, error)
  }
}
