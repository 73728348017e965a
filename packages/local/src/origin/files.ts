import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { setAnswerHeaders, setPageHeaders } from './headers.js'

/** Serves the built console. What is no file and no page of it goes to `missing`. */
export type Files = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  missing: () => void,
) => void

/** Files with a hash of their content in their name never change. */
const hashed = /-[A-Za-z0-9_-]{8,}\.(js|css|woff2|svg|png|map)$/

/** Where samples stand at the origin. */
const samplesPath = '/local/samples'

/** Serves pictures and documents to try things out with. */
export function openSamples(folder: string): Files {
  const serve = sirv(folder, { etag: true, setHeaders: setAnswerHeaders })
  return (request, response, path, missing) => {
    // It finds files by the address of the request.
    request.url = path.slice(samplesPath.length)
    serve(request, response, missing)
  }
}

/** Nothing if no console was built into this folder. */
export function openFiles(folder: string): Files | undefined {
  const index = join(folder, 'index.html')
  if (!existsSync(index)) return undefined
  const page = readFileSync(index)
  const serve = sirv(folder, {
    etag: true,
    setHeaders: (response, path) => {
      setPageHeaders(response)
      response.setHeader(
        'cache-control',
        hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  return (request, response, path, missing) => {
    serve(request, response, () => {
      // A path that ends like a file is one that is gone, not a page.
      if (/\.[a-z0-9]+$/i.test(path)) return missing()
      setPageHeaders(response)
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
      response.end(page)
    })
  }
}
