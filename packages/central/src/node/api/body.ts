import type { IncomingMessage } from 'node:http'
import { fail } from '@banyan/base'
import { readJsonBody } from '@banyan/http-api/server'

const maxBodyBytes = 65_536

/** The JSON of a request's body, which must say that it is JSON. Errors: RequestLimitExceeded, RequestMalformed. */
export function readBody(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/json')
    fail('RequestMalformed', { reason: 'content-type is not application/json' })
  return readJsonBody(request, maxBodyBytes)
}
