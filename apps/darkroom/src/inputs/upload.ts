import { createReadStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { BanyanError, banyanError, fail } from '@banyan/base'
import { parseAddress, pinAddress } from './addresses.js'
import { type DownloadSettings, send } from './download.js'

export type Upload = { readonly path: string; readonly bytes: number; readonly type: string }

/**
 * Writes a file to an address by PUT, guarded as inputs are. Its query goes along untouched, so that signatures hold;
 * redirects are not followed.
 *
 * Errors: InputRefused, OutputFailed.
 */
export async function upload(
  text: string,
  { path, bytes, type }: Upload,
  settings: DownloadSettings,
): Promise<void> {
  const url = parseAddress(text)
  const shown = `${url.origin}${url.pathname}`
  const address = await pinAddress(url, settings.allow, settings.resolve)
  const signal = AbortSignal.timeout(settings.timeoutMs)
  const headers = { 'content-type': type, 'content-length': bytes }
  const request = send(url, address, { method: 'PUT', headers, signal })
  try {
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      request.on('response', resolve)
      request.on('error', reject)
    })
    // Not by a pipeline: a server that has answered may close the connection before this side calls its writing done.
    const file = createReadStream(path)
    file.on('error', (error) => request.destroy(error))
    file.pipe(request)
    const { statusCode } = (await response).resume()
    if (statusCode! < 200 || statusCode! > 299)
      fail('OutputFailed', { url: shown, reason: `the server answered ${statusCode}` })
  } catch (error) {
    if (error instanceof BanyanError) throw error
    throw banyanError('OutputFailed', { url: shown, reason: (error as Error).message }, error)
  }
}
