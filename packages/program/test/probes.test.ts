import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { banyanError } from '@banyan/base'
import { answerProbe, explain, type Probed } from '@banyan/program'
import { expect, onTestFinished, test } from 'vitest'

async function serve(probed: Probed) {
  const server = createServer((request, response) => {
    if (!answerProbe(request.url ?? '', response, probed)) response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return [response.status, response.headers.get('content-type'), await response.text()]
  }
}

test('QLT-11: /health tells that the process works, /ready whether it can do its work', async () => {
  let isReady = false
  const ask = await serve({ isReady: () => isReady })
  expect(await ask('/health')).toEqual([200, 'text/plain', 'ok\n'])
  expect(await ask('/ready')).toEqual([503, 'text/plain', 'not ready\n'])
  isReady = true
  expect(await ask('/ready')).toEqual([200, 'text/plain', 'ok\n'])
  for (const path of ['/metrics', '/', '/healthy']) expect((await ask(path))[0], path).toBe(404)
})

test('QLT-11: /metrics has what is measured, and a reading that fails ends nothing', async () => {
  let read = async () => 'up 1\n'
  const ask = await serve({ isReady: () => true, metrics: { contentType: 'text/x', text: () => read() } })
  expect(await ask('/metrics')).toEqual([200, 'text/x', 'up 1\n'])
  read = () => Promise.reject(new TypeError('gone'))
  expect((await ask('/metrics'))[0]).toBe(503)
  expect((await ask('/health'))[0]).toBe(200)
})

test('QLT-11: an error is told with why and what to do; a defect is thrown again', () => {
  const { code, message, fix } = banyanError('DiskFull', { path: 'data' })
  const text = explain(banyanError('DiskFull', { path: 'data' }))
  for (const part of [code, message, fix]) expect(text).toContain(part)
  const defects = [new TypeError('x'), banyanError('InvariantBroken', { invariant: 'x' })]
  for (const defect of defects) expect(() => explain(defect)).toThrow(defect)
})
