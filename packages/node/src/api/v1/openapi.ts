import { openApiDocument as describe, type Operation } from '@banyan/http-api'
import { z } from 'zod'
import type { Answer, Route } from './route.js'

/** The OpenAPI document of routes. */
export function openApiDocument(routes: readonly Route[], version: string) {
  const info = {
    title: 'Banyan node',
    version,
    description: 'What Ethereum JSON-RPC lacks: certificates, proofs, packages, states of transactions.',
  }
  return describe(info, routes.map(operationOf))
}

function operationOf({ bodyTypes, answer, ...rest }: Route): Operation {
  const types = bodyTypes.map((type) => [type, undefined] as const)
  const body = types.length === 0 ? undefined : Object.fromEntries(types)
  return { ...rest, body, answer: contentOf(answer) }
}

function contentOf(answer: Answer): Operation['answer'] {
  switch (answer.kind) {
    case 'json':
      return { description: 'The answer', content: { 'application/json': answer.schema } }
    case 'bytes':
      return { description: answer.description, content: { 'application/octet-stream': undefined } }
    case 'events':
      return { description: answer.description, content: { 'text/event-stream': z.string() } }
  }
}
