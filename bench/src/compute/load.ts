import { connect, type Socket } from 'node:net'

/** A client that keeps connections open and sends the next request when an answer is whole. */
export type Load = { readonly perSecond: number; readonly p50: number; readonly p99: number }

const headEnd = Buffer.from('\r\n\r\n')

/** Sends `count` requests over `connections`; times in ms. Answers have the status 200 and a content-length. */
export async function runLoad(
  port: number,
  request: string,
  connections: number,
  count: number,
): Promise<Load> {
  const times: number[] = []
  let left = count
  const message = Buffer.from(request)
  const start = performance.now()
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect(port, '127.0.0.1')
      let sentAt = 0
      let got = 0
      let wanted = Number.POSITIVE_INFINITY
      const send = (): void => {
        if (left-- <= 0) {
          socket.destroy()
          resolve()
          return
        }
        sentAt = performance.now()
        got = 0
        wanted = Number.POSITIVE_INFINITY
        socket.write(message)
      }
      socket.setNoDelay(true)
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('data', (bytes: Buffer) => {
        if (wanted === Number.POSITIVE_INFINITY) {
          const end = bytes.indexOf(headEnd)
          const head = bytes.toString('latin1', 0, end)
          const length = /content-length: (\d+)/i.exec(head)?.[1]
          if (end < 0 || length === undefined || !head.startsWith('HTTP/1.1 200')) {
            reject(new Error(`the answer is ${head.slice(0, 200)}`))
            socket.destroy()
            return
          }
          wanted = end + headEnd.length + Number(length)
        }
        got += bytes.length
        if (got < wanted) return
        times.push(performance.now() - sentAt)
        send()
      })
    })
  await Promise.all(Array.from({ length: connections }, one))
  const seconds = (performance.now() - start) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))]!
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) }
}
