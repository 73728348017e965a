import type { Socket } from 'node:net'
import { openClient, publishFrame, subscribe, type Version } from './client.js'

/** Bytes of a payload. */
const payloadBytes = 128
const version: Version = 4
const topic = 'bench/flow'
const patienceMs = 60_000

export type FlowOptions = {
  readonly port: number
  readonly publishers: number
  readonly subscribers: number
  readonly qos: 0 | 1
  /** Messages of all publishers together. */
  readonly messages: number
  /** Messages that are on their way at most: no broker has to drop any. */
  readonly window: number
}

/** Deliveries a second from the first message to the last delivery. */
export async function runFlow(options: FlowOptions): Promise<number> {
  const { port, publishers, subscribers, qos, messages, window } = options
  const frame = publishFrame(topic, Buffer.alloc(payloadBytes, 'x'), qos, version)
  const receivers = await Promise.all(
    Array.from({ length: subscribers }, (_, i) => openClient(port, `sub-${i}`, version)),
  )
  for (const socket of receivers) await subscribe(socket, topic, 0, version)
  const senders = await Promise.all(
    Array.from({ length: publishers }, (_, i) => openClient(port, `pub-${i}`, version)),
  )
  try {
    return await flow(senders, receivers, frame, qos, messages, window)
  } finally {
    for (const socket of [...senders, ...receivers]) socket.destroy()
  }
}

/** Frames are written in pieces of this many. */
const perWrite = 50

function flow(
  senders: readonly Socket[],
  receivers: readonly Socket[],
  frame: Buffer,
  qos: 0 | 1,
  messages: number,
  window: number,
): Promise<number> {
  // Subscriptions have QoS 0, so a delivery is the frame without its packet identifier.
  const deliveryBytes = frame.length - (qos === 0 ? 0 : 2)
  const received = new Float64Array(receivers.length)
  const piece = Buffer.concat(Array.from({ length: perWrite }, () => frame))
  let sent = 0
  let next = 0
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`only ${Math.min(...received)} of ${messages} came`)),
      patienceMs,
    )
    const start = performance.now()
    const pump = (): void => {
      let least = Number.POSITIVE_INFINITY
      for (const bytes of received) least = Math.min(least, bytes)
      const arrived = least / deliveryBytes
      if (arrived >= messages) {
        clearTimeout(late)
        resolve((messages * receivers.length) / ((performance.now() - start) / 1e3))
        return
      }
      while (sent < messages && sent - arrived + perWrite <= window) {
        senders[next++ % senders.length]!.write(piece)
        sent += perWrite
      }
    }
    receivers.forEach((socket, i) => {
      socket.on('data', (bytes: Buffer) => {
        received[i]! += bytes.length
        pump()
      })
      socket.resume()
    })
    for (const socket of senders) socket.resume()
    pump()
  })
}

/** Times from sending to arrival at `perSecond` messages a second, ms, sorted. */
export async function runLatency(port: number, perSecond: number, seconds: number): Promise<Float64Array> {
  const receiver = await openClient(port, 'latency-sub', version)
  await subscribe(receiver, topic, 0, version)
  const sender = await openClient(port, 'latency-pub', version)
  const payload = Buffer.alloc(payloadBytes)
  const head = publishFrame(topic, payload, 0, version).length - payloadBytes
  const times: number[] = []
  const count = perSecond * seconds
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('messages are missing')), patienceMs)
      let rest: Buffer = Buffer.alloc(0)
      receiver.on('data', (bytes: Buffer) => {
        const now = performance.now()
        rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
        for (; rest.length >= head + payloadBytes; rest = rest.subarray(head + payloadBytes))
          times.push(now - rest.readDoubleLE(head))
        if (times.length < count) return
        clearTimeout(late)
        resolve()
      })
      receiver.resume()
      const start = performance.now()
      let sent = 0
      const send = (): void => {
        for (; sent < count && start + (sent * 1e3) / perSecond <= performance.now(); sent++) {
          payload.writeDoubleLE(performance.now())
          sender.write(publishFrame(topic, payload, 0, version))
        }
        if (sent < count) setTimeout(send, 1)
      }
      send()
    })
  } finally {
    receiver.destroy()
    sender.destroy()
  }
  return Float64Array.from(times).sort()
}

/** Opens idle connections; resolves with what closes them. */
export async function openIdle(port: number, count: number): Promise<() => void> {
  const sockets: Socket[] = []
  for (let i = 0; i < count; i += 100) {
    const some = Array.from({ length: Math.min(100, count - i) }, (_, j) =>
      openClient(port, `idle-${i + j}`, version),
    )
    for (const socket of await Promise.all(some)) {
      await subscribe(socket, `idle/${sockets.length}`, 0, version)
      sockets.push(socket)
    }
  }
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}
