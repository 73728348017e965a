import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { generate } from 'mqtt-packet'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { makeCertificate } from './live/certificate.js'
import { startLive } from './live/gateway.js'
import { dialTcp, dialWebSocket, openMqtt } from './live/mqtt-client.js'
import { openSocket } from './live/web-socket.js'

const connectPacket = generate({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  clientId: 'c',
  keepalive: 0,
})

/** Writes pieces one by one and resolves to the first bytes of the answer. */
async function answerTo(socket: Socket, pieces: readonly Buffer[]): Promise<Buffer> {
  socket.setNoDelay(true)
  onTestFinished(() => {
    socket.destroy()
  })
  const answer = new Promise<Buffer>((resolve, reject) => {
    socket.on('data', resolve).on('error', reject)
    socket.on('close', () => reject(new Error('it was closed without an answer')))
  })
  answer.catch(() => undefined)
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return answer
}

const bytesOf = (bytes: Buffer): readonly Buffer[] => Array.from(bytes, (byte) => Buffer.of(byte))

test('GW-2: the first byte tells MQTT from HTTP, however the bytes are cut', async () => {
  const { port } = await startLive()
  const connack = await answerTo(connectTcp(port), bytesOf(connectPacket))
  expect([...connack]).toEqual([0x20, 2, 0, 0])
  const request = Buffer.from('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n')
  const response = await answerTo(connectTcp(port), bytesOf(request))
  expect(response.toString()).toMatch(/^HTTP\/1\.1 200 /)
})

test('GW-2: what is neither is refused as HTTP would be', async () => {
  const { port, defects } = await startLive()
  const response = await answerTo(connectTcp(port), [Buffer.from([0x16, 3, 1, 0, 0, 13, 10, 13, 10])])
  expect(response.toString()).toMatch(/^HTTP\/1\.1 400 /)
  expect(defects).toEqual([])
})

test('GW-8: clients that leave without a word, or say nothing, do not keep a gateway from stopping', async () => {
  const { port, stop } = await startLive()
  const gone = connectTcp(port)
  await new Promise((resolve) => gone.on('connect', resolve))
  gone.destroy()
  const silent = connectTcp(port)
  silent.on('error', () => {})
  const ended = new Promise((resolve) => silent.on('close', resolve))
  await new Promise((resolve) => silent.on('connect', resolve))
  silent.resume()
  await stop()
  await ended
})

test('GW-8: connections beyond the limit are closed at once', async () => {
  const { port } = await startLive({ connections: 2 })
  for (const clientId of ['a', 'b']) await openMqtt(dialTcp(port), { clientId })
  const third = connectTcp(port)
  third.on('error', () => {})
  await new Promise((resolve) => third.on('close', resolve))
})

test('GW-2: MQTT over WebSocket takes packets however messages cut them', async () => {
  const { http } = await startLive()
  const socket = new WebSocket(http.replace('http', 'ws'), ['mqtt'])
  onTestFinished(() => socket.terminate())
  await new Promise((resolve) => socket.on('open', resolve))
  const answers: Buffer[] = []
  const pinged = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      answers.push(data as Buffer)
      if (Buffer.concat(answers).length >= 6) resolve()
    })
  })
  const both = Buffer.concat([connectPacket, generate({ cmd: 'pingreq' })])
  for (const piece of [both.subarray(0, 3), both.subarray(3, -1), both.subarray(-1)]) socket.send(piece)
  await pinged
  expect(Buffer.concat(answers).toString('hex')).toBe('20020000d000')
})

test('GW-2: MQTT over WebSocket in messages of text is ended', async () => {
  const { http } = await startLive()
  const socket = new WebSocket(http.replace('http', 'ws'), ['mqtt'])
  await new Promise((resolve) => socket.on('open', resolve))
  const code = new Promise((resolve) => socket.on('close', resolve))
  socket.send('text')
  expect(await code).toBe(1003)
})

test('GW-5: TLS 1.3 carries MQTT, HTTP and WebSocket on one port; TLS 1.2 and open connections are refused', async () => {
  const tls = makeCertificate()
  const { port, http } = await startLive({ tls })
  const dial = (maxVersion?: 'TLSv1.2') =>
    connectTls({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: tls.certificate,
      ...(maxVersion && { maxVersion }),
    })
  const secure = dial()
  const { client, connack } = await openMqtt(secure)
  expect(connack).toMatchObject({ cmd: 'connack', reasonCode: 0 })
  expect([secure.getProtocol(), secure.authorized]).toEqual(['TLSv1.3', true])
  await client.subscribe('a')
  const response = await answerTo(dial(), [
    Buffer.from('POST /v1/topics/a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\n\r\nx'),
  ])
  expect(response.toString()).toContain('{"receivers":1,"position":null}')
  expect((await client.message()).payload.toString()).toBe('x')
  const socket = new WebSocket(http.replace('http', 'ws'), ['banyan.v1.json'], {
    ca: tls.certificate,
    rejectUnauthorized: false,
  })
  onTestFinished(() => socket.terminate())
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  const old = await new Promise<Error>((resolve) => dial('TLSv1.2').on('error', resolve))
  expect(old.message).toMatch(/version/)
  await expect(answerTo(connectTcp(port), [connectPacket])).rejects.toThrow()
})

test('GW-8: what was acknowledged before the gateway stops still reaches readers of every protocol', async () => {
  const { port, http, stop } = await startLive()
  const { client: reader } = await openMqtt(dialTcp(port))
  await reader.subscribe('log/a')
  const socket = await openSocket(http, 'banyan.v1.json')
  socket.say({ t: 'sub', id: 1, topic: 'log/a' })
  await socket.next()
  const stream = await fetch(`${http}/v1/stream?topic=log/a`)
  const { client: writer } = await openMqtt(dialWebSocket(http))
  const count = 50
  for (let i = 0; i < count - 1; i++) void writer.publish('log/a', 'x'.repeat(10_000))
  await writer.publish('log/a', 'end')
  const stopped = stop()
  expect((await socket.until(({ text }) => text === 'end'))['position']).toBe(`testepoch:${count}`)
  for (let i = 1; i < count; i++) await reader.message()
  expect((await reader.message()).payload.toString()).toBe('end')
  expect(await reader.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8b })
  let text = ''
  const bytes = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  while (!text.includes('"text":"end"')) text += (await bytes.read()).value ?? ''
  expect(text.match(/^id: /gm)).toHaveLength(count)
  await stopped
})
