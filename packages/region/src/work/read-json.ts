import type { IncomingMessage } from 'node:http'
import { fail } from '@banyan/base'

const maxBytes = 4_096

/** A small body as JSON. Errors: BodyTooLarge, WorkMalformed. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maxBytes) fail('BodyTooLarge', { limit: maxBytes })
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return fail('WorkMalformed', { reason: 'its body is not JSON' })
  }
}
