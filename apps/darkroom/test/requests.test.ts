import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Darkroom, startDarkroom } from '@banyan/darkroom'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, failureOf, listen, runScript } from './service.js'

const sample = readFileSync(new URL('../samples/ridges.jpg', import.meta.url))
let darkroom: Darkroom
beforeAll(async () => {
  darkroom = await startDarkroom({ workers: 1, allow: ['127.0.0.1'] })
})
afterAll(() => darkroom.close())

const thumbnail = 'script=thumbnail&source=sample:ridges.jpg'
const ask = (query: string, init?: RequestInit) => fetch(`${darkroom.url}/io?${query}`, init)
const cacheStatus = (response: Response) => response.headers.get('cache-status')

describe('MED-1: requests', () => {
  test('MED-1: a built-in script by name, with parameters whatever their case', async () => {
    const response = await ask(`${thumbnail}&WIDTH=64`)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    const { width, format } = await sharp(await response.arrayBuffer()).metadata()
    expect({ width, format }).toEqual({ width: 64, format: 'jpeg' })
  })

  test('MED-1: args and named parameters are two forms of the same call', async () => {
    const named = await ask(`${thumbnail}&width=40&type=png`)
    const listed = await ask('script=thumbnail&args="sample:ridges.jpg",40,png')
    expect(listed.headers.get('etag')).toBe(named.headers.get('etag'))
  })

  test('MED-1: a body is the input, and a script in the body runs', async () => {
    const posted = await ask('script=thumbnail&width=64', { method: 'POST', body: sample })
    const named = await ask(`${thumbnail}&width=64`)
    expect(posted.headers.get('etag')).toBe(named.headers.get('etag'))
    expect(posted.headers.get('cache-control')).toBe('no-store')
    const script = 'function main(name) { return `hello \u0024{name}, \u0024{request.parameters.extra}` }'
    const answer = await runScript(darkroom.url, script, 'name=you&extra=1')
    expect(await answer.text()).toBe('hello you, 1')
  })

  test('MED-1: a script and its inputs by URL, and a result written to a URL', async () => {
    const asked: string[] = []
    let written: { readonly url: string; readonly type: string; readonly body: Buffer } | undefined
    const server = await listen(async (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      if (request.method === 'PUT') {
        written = { url: request.url!, type: request.headers['content-type']!, body: await bytesOf(request) }
        response.end()
      } else if (request.url!.startsWith('/scale.darkroom')) {
        response.end('function main(from) { new Media(name @ from).scale(xs @ 20).save(type @ "png") }')
      } else response.end(sample)
    })
    const { url } = darkroom
    const signed = '/a%2Fb.jpg?X-Amz-Signature=ab%2Bc%3D&X-Amz-Date=1&e=%20'
    const from = encodeURIComponent(server.url + signed)
    const output = encodeURIComponent(`${server.url}/out.png?Signature=%2B%2F`)
    const response = await fetch(
      `${url}/io?script=${server.url}/scale.darkroom&from=${from}&output=${output}`,
    )
    expect(await response.json()).toMatchObject({ type: 'image/png', bytes: written?.body.length })
    expect(asked).toEqual(['GET /scale.darkroom', `GET ${signed}`, 'PUT /out.png?Signature=%2B%2F'])
    expect(written?.type).toBe('image/png')
    expect((await sharp(written?.body).metadata()).width).toBe(20)
  })

  test.each([
    ['script=nothing', 404, 'ScriptUnknown', /thumbnail/],
    ['', 400, 'DarkroomRequestInvalid', /script is missing/],
    [`${thumbnail}&widht=3`, 400, 'ParameterUnknown', /"widht"; it has source, width, type, quality/],
    [`${thumbnail}&width=1&width=2`, 400, 'DarkroomRequestInvalid', /twice/],
    ['script=thumbnail&source=sample:none.jpg', 502, 'InputFailed', /ridges\.jpg/],
    ['script=thumbnail&args="a', 400, 'DarkroomRequestInvalid', /args/],
    [`${thumbnail}&width=wide`, 400, 'OperationInvalid', /Media\.scale: xs/],
  ])('MED-1: %s is refused with what to do', async (query, status, name, message) => {
    const response = await ask(query)
    expect(response.status).toBe(status)
    const failure = await failureOf(response)
    expect(failure).toMatchObject({ name, message: expect.stringMatching(message) as string })
    expect(failure.fix).not.toBe('')
  })

  test('MED-1: other paths and methods are refused, and the service tells about itself', async () => {
    expect((await fetch(`${darkroom.url}/nothing`)).status).toBe(404)
    expect((await ask(thumbnail, { method: 'DELETE' })).status).toBe(405)
    expect(await (await fetch(darkroom.url)).text()).toContain(`curl '${darkroom.url}/io?script=thumbnail`)
    expect(await (await fetch(`${darkroom.url}/health`)).json()).toMatchObject({ status: 'ok', workers: 1 })
    const { operations } = (await (await fetch(`${darkroom.url}/operations`)).json()) as {
      readonly operations: readonly { readonly name: string; readonly arguments: object }[]
    }
    expect(operations.find(({ name }) => name === 'Media.rotate')?.arguments).toMatchObject({
      properties: { angle: { type: 'number' } },
      required: ['angle'],
    })
  })
})

describe('CMP-2: a cache can sit in front', () => {
  test('CMP-2, MED-1: the second answer comes from the cache, and validators save the bytes', async () => {
    const query = `${thumbnail}&width=50`
    const first = await ask(query)
    expect(cacheStatus(first)).toBe('darkroom; fwd=miss')
    expect(first.headers.get('cache-control')).toBe('public, max-age=86400')
    const second = await ask(query)
    expect(cacheStatus(second)).toBe('darkroom; hit')
    expect(await second.arrayBuffer()).toEqual(await first.arrayBuffer())
    const etag = first.headers.get('etag')!
    const third = await ask(query, { headers: { 'if-none-match': `"other", W/${etag}` } })
    expect(third.status).toBe(304)
    expect(third.headers.get('etag')).toBe(etag)
  })

  test('CMP-2: parts of a result by Range', async () => {
    const query = `${thumbnail}&width=51`
    const whole = Buffer.from(await (await ask(query)).arrayBuffer())
    const part = async (range: string, more = {}) => {
      const response = await ask(query, { headers: { range, ...more } })
      const { status, headers } = response
      return { status, range: headers.get('content-range'), body: Buffer.from(await response.arrayBuffer()) }
    }
    const total = whole.length
    expect(await part('bytes=10-19')).toEqual({
      status: 206,
      range: `bytes 10-19/${total}`,
      body: whole.subarray(10, 20),
    })
    expect((await part('bytes=-5')).body).toEqual(whole.subarray(-5))
    expect((await part('bytes=100-')).body).toEqual(whole.subarray(100))
    expect((await part('bytes=0-1', { 'if-range': '"other"' })).status).toBe(200)
    expect((await part(`bytes=${total}-`)).status).toBe(416)
    const head = await ask(query, { method: 'HEAD' })
    expect([head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([
      String(total),
      0,
    ])
  })

  test('CMP-2: what depends on Accept says so, and is kept for each', async () => {
    const query = 'script=convert&source=sample:emblem.svg'
    const types = async (accept: string) => {
      const response = await ask(query, { headers: { accept } })
      await response.arrayBuffer()
      return [response.headers.get('content-type'), response.headers.get('vary'), cacheStatus(response)]
    }
    expect(await types('image/webp,*/*')).toEqual(['image/webp', 'accept', 'darkroom; fwd=miss'])
    expect(await types('*/*')).toEqual(['image/jpeg', 'accept', 'darkroom; fwd=miss'])
    expect(await types('image/webp;q=0')).toEqual(['image/jpeg', 'accept', 'darkroom; hit'])
    expect(await types('image/webp')).toEqual(['image/webp', 'accept', 'darkroom; hit'])
    expect((await ask(`${thumbnail}&width=50`)).headers.get('vary')).toBeNull()
  })

  test('MED-1: a result is made anew when its input has changed, and only then', async () => {
    let color = 'red'
    let sent = 0
    const server = await listen((request, response) => {
      const etag = `"${color}"`
      response.setHeader('etag', etag).setHeader('cache-control', 'no-cache')
      if (request.headers['if-none-match'] === etag) {
        response.statusCode = 304
        response.end()
        return
      }
      sent++
      response.end(
        `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="${color}"/></svg>`,
      )
    })
    const { url } = darkroom
    const get = () => fetch(`${url}/io?script=convert&type=png&source=${server.url}/a.svg`)
    const first = await get()
    expect(first.headers.get('cache-control')).toBe('no-cache')
    expect([cacheStatus(await get()), sent]).toEqual(['darkroom; hit', 1])
    color = 'blue'
    const changed = await get()
    expect([cacheStatus(changed), sent]).toEqual(['darkroom; fwd=miss', 2])
    expect(changed.headers.get('etag')).not.toBe(first.headers.get('etag'))
  })

  test('MED-1: scripts with the same parameters have results of their own', async () => {
    const one = await runScript(darkroom.url, 'function main() { return "one" }')
    const two = await runScript(darkroom.url, 'function main() { return "two" }')
    expect([await one.text(), await two.text()]).toEqual(['one', 'two'])
  })
})

test('MED-6: the ETag is the hash of the result, so that replicas agree on it', async () => {
  const response = await ask(`${thumbnail}&width=33`)
  const hash = createHash('sha256').update(Buffer.from(await response.arrayBuffer()))
  expect(response.headers.get('etag')).toBe(`"${hash.digest('hex')}"`)
})
