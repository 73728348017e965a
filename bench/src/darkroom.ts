import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startDarkroom } from '@banyan/darkroom'
import { findMagick, magickTime } from './darkroom/magick.js'
import { oneThread, photograph, plainThumbnail } from './darkroom/pictures.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

/** Scripts whose last parameter makes each request a new one, so that none is answered from the cache. */
const scripts = {
  thumbnail: `function main(source, turn) {
    new Media(name @ source).scale(xs @ 128).save(type @ 'jpeg')
  }`,
  page: `function main(turn) {
    new Media(name @ 'sample:letter.pdf', dpi @ 150).save(type @ 'jpeg')
  }`,
  raw: `function main(turn) {
    return new Media(name @ 'sample:letter.pdf', dpi @ 150).width
  }`,
  nothing: `function main(turn) { return 'nothing' }`,
}

/** Serves bytes that stay current, as an origin of pictures does. */
async function serve(bytes: Buffer) {
  const server = createServer((_, response) => response.setHeader('cache-control', 'max-age=3600').end(bytes))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, close: () => server.close() }
}

const milliseconds = (perSecond: number) => 1000 / perSecond

async function measure(context: BenchContext): Promise<readonly Row[]> {
  oneThread()
  const count = context.quick ? 5 : 20
  const jpeg = await photograph()
  const origin = await serve(jpeg)
  const darkroom = await startDarkroom({ workers: 1, allow: [origin.host] })
  let turn = 0
  const request = async (script: string, query = '') => {
    const response = await fetch(`${darkroom.url}/io?turn=${turn++}${query}`, {
      method: 'POST',
      body: script,
      headers: { 'content-type': 'text/javascript' },
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`the service answered ${response.status}`)
  }
  const time = async (once: () => Promise<unknown>) => {
    const run = async () => {
      for (let i = 0; i < count; i++) await once()
    }
    return milliseconds((await context.median(count, run)).perSecond)
  }
  const row = (what: string, ours: number, name: string, value: number, goal: number): Row => ({
    what,
    unit: 'ms',
    ours,
    against: { name, value },
    goal,
    better: 'less',
  })
  try {
    const source = `&source=http://${origin.host}/`
    const thumbnail = await time(() => request(scripts.thumbnail, source))
    const health = await time(async () => (await fetch(`${darkroom.url}/health`)).text())
    const rows = [
      row('12 MP JPEG to 128 px', thumbnail, 'sharp alone', await time(() => plainThumbnail(jpeg)), 25),
      row('a page of PDF at 150 dpi, drawn', await time(() => request(scripts.raw)), 'health', health, 60),
      row('the same, as JPEG', await time(() => request(scripts.page)), 'health', health, 60),
      row('a script that does nothing', await time(() => request(scripts.nothing)), 'health', health, 10),
    ]
    const magick = await findMagick()
    if (magick === undefined) {
      console.error('ImageMagick is not installed here: nothing is measured beside it.')
      return rows
    }
    const peer = await magickTime(magick, jpeg, count)
    return [...rows, row('12 MP JPEG to 128 px', thumbnail, 'ImageMagick', peer, 25)]
  } finally {
    await darkroom.close()
    origin.close()
  }
}

export const bench: Bench = {
  name: 'darkroom',
  title: 'Pictures and documents by URL: thumbnails, pages of PDF, and what a script costs',
  run: measure,
}
