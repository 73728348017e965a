import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BanyanError, banyanError, fail } from '@banyan/base'

/**
 * The body of a request, of at most `limit` bytes. `take` is told the size of every part before it is kept, and may refuse it.
 * Errors: RequestLimitExceeded, RequestMalformed if the connection breaks, and those of `take`.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  take: (bytes: number) => void = () => undefined,
): Promise<Buffer> {
  checkSize(Number(request.headers['content-length'] ?? 0), limit)
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length
      checkSize(size, limit)
      take(part.length)
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof BanyanError) throw error
    throw banyanError('RequestMalformed', { reason: 'the connection broke' }, error)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

function checkSize(size: number, limit: number): void {
  if (size > limit) fail('RequestLimitExceeded', { what: 'the size of a request in bytes', limit })
}

/** The JSON in a request's body of at most `limit` bytes. Errors: RequestLimitExceeded, RequestMalformed. */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const bytes = await readBody(request, limit)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    return fail('RequestMalformed', { reason: 'it is not JSON' }, error)
  }
}
