import { once } from 'node:events'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import { z } from 'zod'
import type { MinerConfiguration } from './options.js'

/** By which a region knows a miner. */
export type Credentials = { readonly name: string; readonly key: string }

const form = z.object({ miner: z.string().min(1).max(64), key: z.string().min(1).max(512) })
const redeemMs = 15_000
const maxAnswer = 4_096

/** A token that works once begins so; anything else is a key. */
const onceStart = 'bnj_'

/**
 * What to join a region with: a key as it is, under the name of the configuration, or what a token that works once was exchanged for. That is
 * kept in the folder, so that the next start needs no new token. Errors: MinerTokenUsed, TunnelUnreachable, DiskFailed.
 */
export async function credentialsOf(
  token: string,
  { region, name, data }: Pick<MinerConfiguration, 'region' | 'name' | 'data'>,
  ca: string | undefined,
): Promise<Credentials> {
  if (!token.startsWith(onceStart)) return { name, key: token }
  // The id between prefix and secret names the token, and tells nothing.
  const file = join(data, `joined-${token.split('_')[1] ?? ''}.json`)
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return read(kept, region)
  const answer = await redeem(token, region, ca)
  const credentials = read(answer, region)
  await keep(file, data, answer)
  return credentials
}

function read(text: string, region: string): Credentials {
  try {
    const { miner, key } = form.parse(JSON.parse(text))
    return { name: miner, key }
  } catch (error) {
    return fail('TunnelUnreachable', { url: region, reason: 'it answers with something else' }, error)
  }
}

async function redeem(token: string, region: string, ca: string | undefined): Promise<string> {
  const url = new URL('/join', region.replace(/^ws/, 'http'))
  const { status, text } = await post(url, JSON.stringify({ token }), ca).catch((error: Error) =>
    fail('TunnelUnreachable', { url: region, reason: error.message }, error),
  )
  if (status === 401) return fail('MinerTokenUsed', { region })
  if (status !== 200) return fail('TunnelUnreachable', { url: region, reason: `it answers ${status}` })
  return text
}

/** `fetch` cannot be told which certificates to trust. */
async function post(url: URL, body: string, ca: string | undefined) {
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest
  const request = ask(url, { method: 'POST', ca, signal: AbortSignal.timeout(redeemMs) })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) {
    text += part
    if (text.length > maxAnswer) return { status: 0, text: '' }
  }
  return { status: response.statusCode ?? 0, text }
}

async function keep(file: string, folder: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(`${file}.new`, text, { mode: 0o600, flush: true })
    await rename(`${file}.new`, file)
  } catch (error) {
    fail('DiskFailed', { operation: 'write', path: file }, error)
  }
}
