import { gzipSync } from 'node:zlib'
import { type Darkroom, startDarkroom } from '@banyan/darkroom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, listen, start } from './service.js'

describe('MED-5, CMP-17: addresses inside are refused', () => {
  test('MED-5, CMP-17: however an address is written, and whatever a name leads to', async () => {
    const names: Record<string, readonly string[]> = {
      'inside.example': ['10.0.0.1'],
      'both.example': ['93.184.216.34', '127.0.0.1'],
    }
    const { url } = await start({ resolve: async (host) => names[host] ?? [] })
    const refusal = async (source: string) => {
      const response = await fetch(`${url}/io?script=convert&source=${encodeURIComponent(source)}`)
      return [response.status, (await failureOf(response)).name]
    }
    for (const source of [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::1]/',
      'http://[::ffff:7f00:1]/',
      'http://inside.example/',
      'http://both.example/',
      'http://user:secret@8.8.8.8/',
      'file:///etc/passwd',
      'ftp://8.8.8.8/',
      'relative/path',
    ])
      expect(await refusal(source), source).toEqual([403, 'InputRefused'])
    expect(await refusal('http://none.example/')).toEqual([502, 'InputFailed'])
    const output = await fetch(`${url}/io?script=convert&source=sample:emblem.svg&output=http://127.0.0.1:1/`)
    expect((await failureOf(output)).name).toBe('InputRefused')
    const script = await fetch(`${url}/io?script=http://localhost/a.darkroom`)
    expect(script.status).toBe(502)
  })

  test('MED-5, CMP-17: a redirect is judged like an address', async () => {
    let inner = 0
    const hidden = await listen((_, response) => {
      inner++
      response.end('secret')
    })
    const open = await listen((request, response) => {
      const to = request.url === '/loop' ? '/loop' : `${hidden.url}/`
      response.writeHead(302, { location: to }).end()
    })
    const { url } = await start({ allow: [open.host] })
    const ask = (path: string) => fetch(`${url}/io?script=convert&source=${open.url}${path}`)
    expect((await failureOf(await ask('/inner'))).name).toBe('InputRefused')
    expect((await failureOf(await ask('/loop'))).message).toMatch(/redirects more than 5 times/)
    expect(inner).toBe(0)
  })

  test('MED-5, CMP-17: the address that was judged is the one that is asked, even if its name changes', async () => {
    const server = await listen((_, response) => response.end(picture))
    const port = new URL(server.url).port
    let asked = 0
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['127.0.0.2'])
    const { url } = await start({ allow: ['rebinding.example'], resolve })
    const response = await fetch(`${url}/io?script=convert&source=http://rebinding.example:${port}/a.svg`)
    expect(response.status).toBe(200)
    expect(asked).toBe(1)
  })
})

const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'

describe('MED-5, CMP-17: inputs are bounded', () => {
  let limited: Darkroom
  beforeAll(async () => {
    limited = await startDarkroom({ ...limits, workers: 1, allow: ['127.0.0.1'] })
  })
  afterAll(() => limited.close())
  const limits = { maxInputBytes: 20_000, inputTimeoutMs: 700, maxPixels: 10_000, maxPages: 4 }
  const svg = (width: number, height: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`

  test('MED-5, CMP-17: bytes before and after decompression, time, and pixels', async () => {
    const large = Buffer.alloc(30_000, 32)
    const server = await listen((request, response) => {
      if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(large))
      else if (request.url === '/plain') response.end(large)
      else if (request.url === '/endless') {
        const pour = () => {
          while (response.write(large));
        }
        response.on('drain', pour)
        pour()
      } else if (request.url === '/slow') response.write('<svg')
      else if (request.url === '/pixels') response.end(svg(200, 51))
      else if (request.url === '/fits') response.end(svg(200, 50))
      else if (request.url === '/gone') response.writeHead(404).end()
      else response.end('no picture')
    })
    const { url } = limited
    const ask = async (path: string) => {
      const response = await fetch(`${url}/io?script=convert&type=png&source=${server.url}${path}`)
      return [response.status, response.status === 200 ? '' : (await failureOf(response)).name]
    }
    expect(await ask('/gzip')).toEqual([413, 'InputTooLarge'])
    expect(await ask('/plain')).toEqual([413, 'InputTooLarge'])
    expect(await ask('/endless')).toEqual([413, 'InputTooLarge'])
    expect(await ask('/slow')).toEqual([502, 'InputFailed'])
    expect(await ask('/gone')).toEqual([502, 'InputFailed'])
    expect(await ask('/pixels')).toEqual([413, 'PictureTooLarge'])
    expect(await ask('/text')).toEqual([422, 'InputUnreadable'])
    expect(await ask('/fits')).toEqual([200, ''])
    const body = await fetch(`${url}/io?script=convert`, { method: 'POST', body: large })
    expect([body.status, (await failureOf(body)).name]).toEqual([413, 'InputTooLarge'])
  })

  test('MED-5, CMP-17: what a script makes is bounded as what it loads', async () => {
    const { url } = limited
    const run = async (script: string) => {
      const response = await fetch(`${url}/io`, {
        method: 'POST',
        body: `function main() { const m = new Media(); ${script}; return m }`,
        headers: { 'content-type': 'text/javascript' },
      })
      return response.status === 200 ? 'fine' : (await failureOf(response)).name
    }
    expect(await run('m.makeCanvas(xs @ 100, ys @ 100)')).toBe('fine')
    expect(await run('m.makeCanvas(xs @ 100, ys @ 101)')).toBe('PictureTooLarge')
    expect(await run('m.makeCanvas(xs @ 50, ys @ 50); m.scale(xs @ 101)')).toBe('PictureTooLarge')
    expect(await run('m.makeCanvas(xs @ 90, ys @ 90); m.rotate(angle @ 45)')).toBe('PictureTooLarge')
    expect(await run('m.makeCanvas(xs @ 90, ys @ 90); m.extend(left @ 100)')).toBe('PictureTooLarge')
    expect(await run('m.makeText(text @ "W".repeat(100), size @ 90)')).toBe('PictureTooLarge')
    expect(await run('const all = []; for (;;) all.push(new Media().makeCanvas(xs @ 100, ys @ 100))')).toBe(
      'PictureTooLarge',
    )
    expect(await run('m.load("sample:moon.gif")')).toMatch(/OperationInvalid|PictureTooLarge/)
  })
})
