import { checkParams, findRoute, type Operation, openApiDocument } from '@banyan/http-api'
import { expect, test } from 'vitest'
import { z } from 'zod'

const none = z.object({})
const answer = { description: 'The answer', content: { 'application/json': z.object({ port: z.int() }) } }
const operation = (method: 'get' | 'post', path: string, rest: Partial<Operation> = {}): Operation => ({
  ...{
    method,
    path,
    id: `${method} ${path}`,
    summary: '',
    params: none,
    query: none,
    body: undefined,
    answer,
  },
  ...rest,
})

const operations = [
  operation('get', '/v1/keys'),
  operation('post', '/v1/keys', {
    open: true,
    body: { 'application/json': z.string(), 'text/x': undefined },
  }),
  operation('get', '/v1/keys/{key}', {
    open: false,
    params: z.object({ key: z.string().max(9) }),
    query: z.object({ limit: z.string().optional(), from: z.string() }),
  }),
]

test.each([
  ['get', '/v1/keys', 'get /v1/keys', {}],
  ['post', '/v1/keys', 'post /v1/keys', {}],
  ['get', '/v1/keys/a', 'get /v1/keys/{key}', { key: 'a' }],
  ['get', '/v1/keys/', 'get /v1/keys/{key}', { key: '' }],
  ['post', '/v1/keys/a', undefined, undefined],
  ['get', '/v1/kins', undefined, undefined],
  ['get', '/v2/keys/a', undefined, undefined],
  ['get', '/v1/keys/a/b', undefined, undefined],
  ['', '', undefined, undefined],
])('QLT-11: %s %s is the operation %s', (method, path, id, texts) => {
  const found = findRoute(operations, method, path)
  expect([found?.route.id, found?.texts]).toEqual([id, texts])
})

test('QLT-11: what does not suit a schema is refused by its place, without what it was', () => {
  const form = z.object({ key: z.object({ digits: z.string().max(3) }) })
  expect(checkParams(form, { key: { digits: '123' } })).toEqual({ key: { digits: '123' } })
  const given = { key: { digits: 'secret' } }
  expect(() => checkParams(form, given)).toThrow(
    expect.objectContaining({ kind: 'ParametersInvalid', message: expect.stringMatching(/ key\.digits: /) }),
  )
  expect(() => checkParams(form, given)).not.toThrow(/secret/)
  expect(() => checkParams(z.string(), 7)).toThrow(expect.objectContaining({ kind: 'ParametersInvalid' }))
})

test('DOC-1: the document has every operation with what it takes and gives', () => {
  const info = { title: 'Sample', version: '1.0.0', description: 'For tests.' }
  const document = openApiDocument({ ...info, bearer: 'A key' }, operations)
  expect(document).toMatchObject({ openapi: '3.1.0', info })
  const paths = document['paths'] as Record<string, Record<string, Record<string, unknown>>>
  expect(Object.keys(paths)).toEqual(['/v1/keys', '/v1/keys/{key}'])
  const { get, post } = paths['/v1/keys']!
  expect(get).not.toHaveProperty('security')
  expect(get).not.toHaveProperty('requestBody')
  expect(post).toMatchObject({
    security: [],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { type: 'string' } }, 'text/x': {} },
    },
    responses: { 200: { content: { 'application/json': { schema: { required: ['port'] } } } }, '4XX': {} },
  })
  expect(paths['/v1/keys/{key}']!['get']).toMatchObject({
    security: [{ bearer: [] }],
    parameters: [
      { name: 'key', in: 'path', required: true, schema: { type: 'string', maxLength: 9 } },
      { name: 'limit', in: 'query', required: false },
      { name: 'from', in: 'query', required: true },
    ],
  })
  const components = (document: object) => (document as { components: object }).components
  expect(components(document)).toMatchObject({
    schemas: { Error: { properties: { error: { required: expect.arrayContaining(['code', 'fix']) } } } },
    securitySchemes: { bearer: { scheme: 'bearer', description: 'A key' } },
  })
  expect(components(openApiDocument(info, []))).not.toHaveProperty('securitySchemes')
})
