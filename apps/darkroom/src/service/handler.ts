import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail } from '@banyan/base'
import type { DownloadSettings } from '../inputs/download.js'
import type { Inputs } from '../inputs/inputs.js'
import { upload } from '../inputs/upload.js'
import { describeOperations } from '../operations/index.js'
import { version } from '../version.js'
import type { Pool } from '../worker/pool.js'
import { failureOf } from './failures.js'
import { welcome } from './pages.js'
import { withRequest } from './read-request.js'
import { sendResult } from './reply.js'
import type { Transform } from './transform.js'

export type HandlerParts = {
  readonly inputs: Inputs
  readonly transform: Transform
  readonly pool: Pool
  readonly folder: string
  readonly maxBytes: number
  readonly download: DownloadSettings
}

const retryAfterSeconds = '2'

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  const bytes = Buffer.from(text)
  const headers = { 'content-type': type, 'content-length': bytes.length, 'cache-control': 'no-store' }
  response.writeHead(status, headers).end(bytes)
}

const sendJson = (response: ServerResponse, value: unknown) =>
  sendText(response, 200, 'application/json', `${JSON.stringify(value, null, 2)}\n`)

async function answerIo(request: IncomingMessage, response: ServerResponse, url: URL, parts: HandlerParts) {
  await withRequest(request, url, parts, async ({ ask, output, scriptFreshUntil }) => {
    const transformed = await parts.transform(ask)
    const freshUntil = Math.min(scriptFreshUntil, transformed.freshUntil)
    if (output === undefined) return sendResult(request, response, { ...transformed, freshUntil })
    const { path, type, bytes, hash } = transformed.result
    await upload(output, { path, type, bytes }, parts.download)
    sendJson(response, { type, bytes, sha256: hash })
  })
}

type Page = (response: ServerResponse, parts: HandlerParts, origin: string) => void

const pages: Readonly<Record<string, Page>> = {
  '/': (response, _, origin) => sendText(response, 200, 'text/plain; charset=utf-8', welcome(origin)),
  '/operations': (response) => sendJson(response, { version, operations: describeOperations() }),
  '/health': (response, { pool }) => sendJson(response, { status: 'ok', version, ...pool.counts() }),
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HandlerParts,
): Promise<void> {
  const { method = '' } = request
  const origin = `http://${request.headers.host ?? 'localhost'}`
  const target = request.url ?? '/'
  if (!URL.canParse(target, 'http://localhost'))
    fail('DarkroomRequestInvalid', { reason: 'the path is malformed' })
  const url = new URL(target, 'http://localhost')
  const path = url.pathname
  const page = pages[path]
  if (page === undefined && path !== '/io') fail('DarkroomPathUnknown', { path: path.slice(0, 100) })
  const methods = page === undefined ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD']
  if (!methods.includes(method)) fail('DarkroomMethodUnknown', { method, path })
  if (page === undefined) await answerIo(request, response, url, parts)
  else page(response, parts, origin)
}

/** Answers one request; whatever goes wrong becomes an answer too. */
export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HandlerParts,
): Promise<void> {
  try {
    await answer(request, response, parts)
  } catch (error) {
    // It has begun to answer, or nobody is there any more.
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    const { status, body } = failureOf(error)
    if (status === 503) response.setHeader('retry-after', retryAfterSeconds)
    // The rest of a body that was not read would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close')
    sendText(response, status, 'application/json', body)
  }
}
