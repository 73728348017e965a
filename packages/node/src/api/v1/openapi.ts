import { z } from 'zod'
import { errorForm } from './forms.js'
import type { Route } from './route.js'

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of routes; every schema in it is the one that checks requests, or describes answers. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    paths[route.path]![route.method] = operationOf(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Banyan node',
      version,
      description: 'What Ethereum JSON-RPC lacks: certificates, proofs, packages, states of transactions.',
    },
    paths,
    components: { schemas: { Error: schemaOf(errorForm, 'output') } },
  }
}

function operationOf({ id, summary, params, query, bodyTypes, answer }: Route): Json {
  const error = {
    description: 'A registry error',
    content: jsonContent({ $ref: '#/components/schemas/Error' }),
  }
  return {
    operationId: id,
    summary,
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(bodyTypes.length > 0 && {
      requestBody: { required: true, content: Object.fromEntries(bodyTypes.map((type) => [type, {}])) },
    }),
    responses: { 200: contentOf(answer), '4XX': error, '5XX': error },
  }
}

function contentOf(answer: Route['answer']): Json {
  switch (answer.kind) {
    case 'json':
      return { description: 'The answer', content: jsonContent(schemaOf(answer.schema, 'output')) }
    case 'bytes':
      return { description: answer.description, content: { 'application/octet-stream': {} } }
    case 'events':
      return {
        description: answer.description,
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      }
  }
}

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } }
}

function parametersOf(schema: Route['params'], where: 'path' | 'query'): Json[] {
  return Object.entries(schema.shape).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path' || !type.safeParse(undefined).success,
    schema: schemaOf(type, 'input'),
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return rest
}
