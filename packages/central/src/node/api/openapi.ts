import { openApiDocument as describe, type Operation } from '@banyan/http-api'
import type { Route } from './route.js'

/** The OpenAPI document of routes. */
export function openApiDocument(routes: readonly Route[], version: string) {
  const info = {
    title: 'Banyan central',
    version,
    description: 'Accounts, credentials and registries of the compute network, for those who run it.',
    bearer: 'A key or a session token',
  }
  return describe(info, routes.map(operationOf))
}

function operationOf({ body, answer, ...rest }: Route): Operation {
  return {
    ...rest,
    body: body && { 'application/json': body },
    answer: { description: 'The answer', content: { 'application/json': answer } },
  }
}
