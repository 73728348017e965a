import { request } from 'node:http'
import { clientKey } from './keys.js'
import type { RegionProcess } from './processes.js'

/** Large bodies through a region. */

const headers = { authorization: `Bearer ${clientKey}` }
const piece = Buffer.alloc(2 ** 18)

/** MB/s of a body to the service. */
export function upload({ ports }: RegionProcess, size: number): Promise<number> {
  return timed(size, (done) => {
    const sending = request(
      {
        port: ports.work,
        host: '127.0.0.1',
        path: '/bench/up',
        method: 'POST',
        headers: { ...headers, 'content-length': size },
      },
      (answer) => answer.resume().on('end', done),
    )
    let left = size
    const send = (): void => {
      while (left > 0) {
        const next = piece.subarray(0, Math.min(left, piece.length))
        left -= next.length
        if (!sending.write(next)) {
          sending.once('drain', send)
          return
        }
      }
      sending.end()
    }
    send()
  })
}

/** MB/s of an answer. */
export function download({ ports }: RegionProcess, size: number): Promise<number> {
  return timed(size, (done) => {
    request({ port: ports.work, host: '127.0.0.1', path: `/bench/down/${size}`, headers }, (answer) =>
      answer.resume().on('end', done),
    ).end()
  })
}

async function timed(size: number, run: (done: () => void) => void): Promise<number> {
  const start = performance.now()
  await new Promise<void>((resolve) => run(resolve))
  return size / 1e3 / (performance.now() - start)
}

/** Highest resident memory while `run` runs beyond that before, in MB. */
export async function memoryGrowth(region: RegionProcess, run: () => Promise<unknown>): Promise<number> {
  const before = (await region.use()).rss
  let highest = before
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      highest = Math.max(highest, (await region.use()).rss)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  await run()
  isOver = true
  await watching
  return (highest - before) / 2 ** 20
}
