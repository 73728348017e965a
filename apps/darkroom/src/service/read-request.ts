import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import { writeBounded } from '../inputs/download.js'
import type { Inputs } from '../inputs/inputs.js'
import type { Call } from '../worker/messages.js'
import { findScript, type Script } from './scripts.js'
import type { Ask } from './transform.js'

/** A request at /io, read to its end. */
export type IoRequest = {
  readonly ask: Ask
  /** Where the result is to be written, instead of the answer. */
  readonly output: string | undefined
  /** Milliseconds since 1970 until which a script that was fetched counts as current. */
  readonly scriptFreshUntil: number
}

const maxParameters = 100
const scriptTypes = /^(application|text)\/(javascript|ecmascript|x-darkroom)\b/i
const ownParameters = ['script', 'args', 'output']

type Body = { readonly path: string; readonly hash: string; readonly isScript: boolean }

function queryOf(url: URL): ReadonlyMap<string, string> {
  const query = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (query.has(name)) fail('DarkroomRequestInvalid', { reason: `${name.slice(0, 50)} is given twice` })
    if (query.size >= maxParameters)
      fail('DarkroomRequestInvalid', { reason: `it has over ${maxParameters} parameters` })
    query.set(name, value)
  }
  return query
}

/** The best of the formats that a client says it can show. */
export function bestFormat(accept: string | undefined): Call['bestFormat'] {
  const types = (accept ?? '').split(',').filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
  const has = (type: string) => types.some((part) => part.trim().split(';')[0] === type)
  if (has('image/avif')) return 'avif'
  return has('image/webp') ? 'webp' : 'jpeg'
}

/** Takes the body of a POST into a file, as it comes. Errors: InputTooLarge. */
async function readBody(
  request: IncomingMessage,
  folder: string,
  maxBytes: number,
): Promise<Body | undefined> {
  if (request.method !== 'POST') return undefined
  const path = join(folder, `body-${randomUUID()}`)
  const { bytes, hash } = await writeBounded([request], path, 'The body', maxBytes)
  if (bytes > 0) return { path, hash, isScript: scriptTypes.test(request.headers['content-type'] ?? '') }
  await rm(path, { force: true })
  return undefined
}

type FoundScript = { readonly script: Script; readonly freshUntil: number }

async function scriptOf(
  name: string | undefined,
  body: Body | undefined,
  inputs: Inputs,
): Promise<FoundScript> {
  const freshUntil = Number.POSITIVE_INFINITY
  if (body?.isScript) {
    if (name !== undefined)
      fail('DarkroomRequestInvalid', { reason: 'a script is both named and in the body' })
    return { script: { name: 'body', text: await readFile(body.path, 'utf8') }, freshUntil }
  }
  if (name === undefined) fail('DarkroomRequestInvalid', { reason: 'the parameter script is missing' })
  const script = await findScript(name, inputs)
  return { script, freshUntil: /^https?:/i.test(name) ? (await inputs.get(name)).freshUntil : freshUntil }
}

/**
 * Reads a request at /io and runs `use` with it; a body is on disk as long as that takes.
 *
 * Errors: DarkroomRequestInvalid, ScriptUnknown, and those of inputs.
 */
export async function withRequest<Value>(
  request: IncomingMessage,
  url: URL,
  {
    inputs,
    folder,
    maxBytes,
  }: { readonly inputs: Inputs; readonly folder: string; readonly maxBytes: number },
  use: (request: IoRequest) => Promise<Value>,
): Promise<Value> {
  const query = queryOf(url)
  const body = await readBody(request, folder, maxBytes)
  try {
    const { script, freshUntil } = await scriptOf(query.get('script'), body, inputs)
    const parameters = Object.fromEntries([...query].filter(([name]) => !ownParameters.includes(name)))
    const ask: Ask = {
      script,
      args: query.get('args'),
      parameters,
      body: body === undefined || body.isScript ? undefined : body,
      bestFormat: bestFormat(request.headers.accept),
    }
    return await use({ ask, output: query.get('output'), scriptFreshUntil: freshUntil })
  } finally {
    if (body !== undefined) await rm(body.path, { force: true })
  }
}
