import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Darkroom, type DarkroomSettings, startDarkroom } from '@banyan/darkroom'
import { onTestFinished } from 'vitest'

/** A server for inputs and outputs on this machine. */
export async function listen(
  listener: RequestListener,
): Promise<{ readonly url: string; readonly host: string }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` }
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A service that ends with the test. */
export async function start(options: Partial<DarkroomSettings> = {}): Promise<Darkroom> {
  const darkroom = await startDarkroom({ workers: 1, ...options })
  onTestFinished(() => darkroom.close())
  return darkroom
}

export type Failure = {
  readonly name: string
  readonly message: string
  readonly line?: number
  readonly column?: number
  readonly fix: string
}

/** Runs a script that is sent along. */
export const runScript = (url: string, script: string, query = '') =>
  fetch(`${url}/io?${query}`, {
    method: 'POST',
    body: script,
    headers: { 'content-type': 'text/javascript' },
  })

/** The failure that a response tells. */
export const failureOf = async (response: Response): Promise<Failure> =>
  ((await response.json()) as { readonly error: Failure }).error
