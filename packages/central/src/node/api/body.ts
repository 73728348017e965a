import type { IncomingMessage } from 'node:http'
import { BanyanError, banyanError, fail } from '@banyan/base'

const maxBodyBytes = 65_536

/** The JSON of a request's body. Errors: RequestLimitExceeded, RequestMalformed. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/json')
    fail('RequestMalformed', { reason: 'content-type is not application/json' })
  const parts: Buffer[] = []
  let size = Number(request.headers['content-length'] ?? 0)
  try {
    checkSize(size)
    size = 0
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length
      checkSize(size)
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof BanyanError) throw error
    throw banyanError('RequestMalformed', { reason: 'the connection broke' }, error)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return fail('RequestMalformed', { reason: 'it is not JSON' })
  }
}

function checkSize(size: number): void {
  if (size > maxBodyBytes)
    fail('RequestLimitExceeded', { what: 'the size of a request in bytes', limit: maxBodyBytes })
}
