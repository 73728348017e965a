import { type ToldError, toldError } from '../local-network.js'
import { type ComputeInit, computePath, withRole } from './ask.js'

/** What a service answered, ready to be shown. */
export type Answer = {
  /** Id of the request, by which its record and its charge are found. */
  readonly request: string | undefined
  readonly type: string
  readonly bytes: number
  /** From the first byte of the request to the last one of the answer, as this browser saw it. */
  readonly tookMs: number
  /** The answer as a data: URL, which pages of the origin may show. */
  readonly url: string
  /** The same as text, where it is text. */
  readonly text: string | undefined
}

/** A file or an answer as a data: URL. */
export function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}

/** Lets a miner do a request. Errors: those of the region and of the service. */
export async function render(path: string, init: ComputeInit = {}): Promise<Answer> {
  const begun = performance.now()
  const response = await fetch(computePath + path, withRole(init))
  const blob = await response.blob()
  const tookMs = performance.now() - begun
  if (!response.ok) {
    const { error } = JSON.parse(await blob.text()) as { readonly error?: ToldError }
    throw toldError(error)
  }
  const type = response.headers.get('content-type') ?? 'application/octet-stream'
  const isText = /^(text\/|application\/json)/.test(type)
  return {
    request: response.headers.get('banyan-request') ?? undefined,
    type,
    bytes: blob.size,
    tookMs,
    url: await dataUrlOf(blob),
    text: isText ? await blob.text() : undefined,
  }
}
