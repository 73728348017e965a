import { z } from 'zod'
import type { Route } from './route.js'

type Json = Readonly<Record<string, unknown>>

const errorForm = z.object({
  error: z.object({
    code: z.string().meta({ description: 'Stable code, such as BYN-2534' }),
    name: z.string(),
    message: z.string(),
    cause: z.string(),
    fix: z.string(),
    docs: z.string(),
    retryable: z.boolean(),
  }),
})

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
      title: 'Banyan central',
      version,
      description: 'Accounts, credentials and registries of the compute network, for those who run it.',
    },
    paths,
    components: {
      schemas: { Error: schemaOf(errorForm, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key or a session token' },
      },
    },
  }
}

function operationOf({ id, summary, open, params, query, body, answer }: Route): Json {
  const error = {
    description: 'A registry error',
    content: jsonContent({ $ref: '#/components/schemas/Error' }),
  }
  return {
    operationId: id,
    summary,
    security: open ? [] : [{ bearer: [] }],
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body !== undefined && {
      requestBody: { required: true, content: jsonContent(schemaOf(body, 'input')) },
    }),
    responses: {
      200: { description: 'The answer', content: jsonContent(schemaOf(answer, 'output')) },
      '4XX': error,
      '5XX': error,
    },
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
