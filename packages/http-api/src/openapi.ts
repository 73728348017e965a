import { z } from 'zod'

type Json = Readonly<Record<string, unknown>>

/** Schemas of texts by name: parameters of a path or a query. */
export type Fields = z.ZodObject<Readonly<Record<string, z.ZodType>>>

/** What a body may be, by media type; without schema, any bytes. */
type Content = Readonly<Record<string, z.ZodType | undefined>>

/** Where an operation of an API is, what it is called, and what it takes by path and query. */
export type OperationHead = {
  readonly method: 'get' | 'post'
  /** Parts between braces are parameters, named as in `params`. */
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly params: Fields
  readonly query: Fields
}

/** One operation of an API as its document describes it. */
export type Operation = OperationHead & {
  /** Without it there is no body. */
  readonly body: Content | undefined
  readonly answer: { readonly description: string; readonly content: Content }
  /** Whether credentials are asked for; nothing where the API knows none. */
  readonly open?: boolean
}

export type ApiInfo = {
  readonly title: string
  readonly version: string
  readonly description: string
  /** What bearer tokens are, where the API asks for them. */
  readonly bearer?: string
}

/** How errors are told. */
export const errorForm = z.object({
  error: z.object({
    code: z.string().meta({ description: 'Stable code, such as BYN-1210' }),
    name: z.string(),
    message: z.string(),
    cause: z.string(),
    fix: z.string(),
    docs: z.string(),
    retryable: z.boolean(),
  }),
})

/** The OpenAPI 3.1 document of operations; every schema in it is the one that checks requests, or describes answers. */
export function openApiDocument({ bearer, ...info }: ApiInfo, operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    paths[operation.path] ??= {}
    paths[operation.path]![operation.method] = operationOf(operation)
  }
  const securitySchemes = { bearer: { type: 'http', scheme: 'bearer', description: bearer } }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Error: schemaOf(errorForm, 'output') },
      ...(bearer !== undefined && { securitySchemes }),
    },
  }
}

function operationOf({ id, summary, open, params, query, body, answer }: Operation): Json {
  const error = {
    description: 'A registry error',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
  return {
    operationId: id,
    summary,
    ...(open !== undefined && { security: open ? [] : [{ bearer: [] }] }),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body !== undefined && { requestBody: { required: true, content: contentOf(body, 'input') } }),
    responses: {
      200: { description: answer.description, content: contentOf(answer.content, 'output') },
      '4XX': error,
      '5XX': error,
    },
  }
}

function contentOf(content: Content, io: 'input' | 'output'): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      schema === undefined ? {} : { schema: schemaOf(schema, io) },
    ]),
  )
}

function parametersOf(schema: Fields, where: 'path' | 'query'): Json[] {
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
