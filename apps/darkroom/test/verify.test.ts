import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Darkroom, startDarkroom } from '@banyan/darkroom'
import { startVerifier, type Verifier } from '@banyan/darkroom/verify'
import { testTier } from '@banyan/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen, runScript } from './service.js'

type Entry = { readonly title: string; readonly query: string; readonly result: string }

const gallery = (name: string) => new URL(`../gallery/${name}`, import.meta.url)
const entries = JSON.parse(readFileSync(gallery('gallery.json'), 'utf8')) as readonly Entry[]
/** A push checks some of the gallery. */
const checked = testTier() === 'push' ? entries.filter((_, i) => i % 3 === 0) : entries
let verifier: Verifier
let darkroom: Darkroom
beforeAll(async () => {
  darkroom = await startDarkroom({ workers: 1, allow: ['127.0.0.1'] })
  verifier = await startVerifier()
})
afterAll(() => Promise.all([verifier.close(), darkroom.close()]))

function requestOf(query: string) {
  const { script, args, ...parameters } = Object.fromEntries(new URLSearchParams(query)) as Record<
    string,
    string
  >
  return { script: script!, ...(args === undefined ? {} : { args }), parameters }
}

describe('MED-6: a result is checked by a part of it', () => {
  test.each(checked)(
    'MED-6, MED-7: $title of the gallery is what its script makes',
    async ({ query, result }) => {
      const claimed = readFileSync(gallery(result))
      const verdict = await verifier.verify(requestOf(query), claimed, claimed.length)
      expect(verdict).toEqual({ same: true, reason: expect.any(String) as string })
    },
  )

  const request = requestOf('script=thumbnail&source=sample:ridges.jpg&width=320')
  const own = readFileSync(gallery('thumbnail.jpg'))
  const verdictOf = (claimed: Buffer, seed = 7) => verifier.verify(request, claimed, seed)

  test('MED-6: other pictures, sizes, formats and bytes are found', async () => {
    const image = () => sharp(own)
    expect(await verdictOf(await image().negate().jpeg().toBuffer())).toMatchObject({ same: false })
    expect(await verdictOf(await image().modulate({ brightness: 1.1 }).jpeg().toBuffer())).toMatchObject({
      same: false,
    })
    expect(await verdictOf(await image().flop().jpeg().toBuffer())).toMatchObject({ same: false })
    expect(await verdictOf(await image().resize(319).jpeg().toBuffer())).toMatchObject({
      reason: 'it has another size',
    })
    expect(await verdictOf(await image().png().toBuffer())).toMatchObject({
      reason: 'it is png and not jpeg',
    })
    expect(await verdictOf(Buffer.from('nothing'))).toMatchObject({ same: false })
    expect(await verdictOf(own.subarray(0, own.length / 2))).toMatchObject({ same: false })
  })

  test('MED-6: the seed chooses the tile, so that a change of one place is found by some seeds', async () => {
    const patch = { create: { width: 60, height: 60, channels: 3, background: 'red' } } as const
    const forged = await sharp(own)
      .composite([{ input: await sharp(patch).png().toBuffer(), left: 10, top: 140 }])
      .jpeg()
      .toBuffer()
    const verdicts = await Promise.all(Array.from({ length: 8 }, (_, seed) => verdictOf(forged, seed)))
    const found = verdicts.filter(({ same }) => !same).length
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(8)
  })

  test('MED-6: a format without loss must agree exactly', async () => {
    const exact = requestOf('script=convert&source=sample:emblem.svg&type=png')
    const { url } = darkroom
    const bytes = Buffer.from(
      await (await fetch(`${url}/io?script=convert&source=sample:emblem.svg&type=png`)).arrayBuffer(),
    )
    expect(await verifier.verify(exact, bytes, 3)).toMatchObject({ same: true })
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    data[(120 * info.width + 120) * 4] = data[(120 * info.width + 120) * 4]! ^ 1
    const { width, height, channels } = info
    const changed = await sharp(data, { raw: { width, height, channels } }).png().toBuffer()
    const verdicts = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((seed) => verifier.verify(exact, changed, seed)),
    )
    expect(verdicts.some(({ same }) => !same)).toBe(true)
  })

  test('MED-6: results that are no pictures are compared byte for byte', async () => {
    const about = requestOf('script=credits&source=sample:ridges.jpg')
    const { url } = darkroom
    const text = await (await fetch(`${url}/io?script=credits&source=sample:ridges.jpg`)).text()
    expect(await verifier.verify(about, Buffer.from(text), 1)).toMatchObject({ same: true })
    expect(await verifier.verify(about, Buffer.from(`${text} `), 1)).toMatchObject({ same: false })
  })
})

describe('MED-6: output is the same byte for byte', () => {
  const queries = [
    'script=poster&source=sample:ridges.jpg',
    'script=page&source=sample:letter.pdf&dpi=60',
    'script=spin&source=sample:emblem.svg&frames=4&width=60',
    'script=pack&source=sample:emblem.svg',
    'script=convert&source=sample:emblem.svg&type=avif',
  ]

  test('MED-6: over runs, processes, and environments with other fonts and zones', async () => {
    const tags = async (url: string, more: string) => {
      const responses = await Promise.all(queries.map((query) => fetch(`${url}/io?${query}${more}`)))
      return responses.map((response) => response.headers.get('etag'))
    }
    const expected = await tags(darkroom.url, '')
    expect(new Set(expected).size).toBe(queries.length)
    const program = `
      import { startDarkroom } from '@banyan/darkroom'
      const darkroom = await startDarkroom({ workers: 1 })
      const queries = ${JSON.stringify(queries)}
      const responses = await Promise.all(queries.map((query) => fetch(darkroom.url + '/io?' + query)))
      console.log(JSON.stringify(responses.map((response) => response.headers.get('etag'))))
      await darkroom.close()`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: new URL('..', import.meta.url),
      env: {
        PATH: process.env['PATH'],
        TZ: 'Asia/Tokyo',
        LANG: 'tr_TR.UTF-8',
        FONTCONFIG_FILE: '/nonexistent',
        VIPS_CONCURRENCY: '3',
      },
    })
    expect(JSON.parse(stdout)).toEqual(expected)
  })

  test('MED-6: an input that changes while a script reads it twice is one input', async () => {
    let sent = 0
    const server = await listen((_, response) => {
      response.setHeader('cache-control', 'no-store')
      response.end(`<svg xmlns="http://www.w3.org/2000/svg" width="${++sent}" height="9"/>`)
    })
    const { url } = darkroom
    const widths = `function main(a) { return [new Media(a).width, new Media(a).width] }`
    const response = await runScript(url, widths, `a=${server.url}/a.svg`)
    expect(await response.json()).toEqual([1, 1])
  })
})
