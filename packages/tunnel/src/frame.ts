import { fail } from '@banyan/base'

/** Frames of the tunnel, as docs/formats.md defines them: one frame in each message of the WebSocket. */

export const frameTypes = {
  hello: 1,
  welcome: 2,
  offer: 3,
  request: 4,
  ack: 5,
  fail: 6,
  response: 7,
  data: 8,
  credit: 9,
  cancel: 10,
  progress: 11,
  ping: 12,
  pong: 13,
} as const

export type FrameType = (typeof frameTypes)[keyof typeof frameTypes]

export type Frame = {
  readonly type: FrameType
  /** 0 for what concerns the whole connection. */
  readonly stream: number
  /** The last frame of this direction of its stream. */
  readonly end: boolean
  /** Parsed JSON, unchecked; undefined where there is none. */
  readonly head: unknown
  /** A view of the message. */
  readonly body: Uint8Array
}

export const headerBytes = 8
export const maxHeadBytes = 2 ** 16 - 1
export const maxBodyBytes = 2 ** 16
export const maxFrameBytes = headerBytes + maxHeadBytes + maxBodyBytes
export const maxStream = 2 ** 32 - 1

export const noBytes = new Uint8Array(0)

const endFlag = 1
const lastType = frameTypes.pong
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The bytes of a frame. Error: TunnelFrameInvalid, if the head is too large. */
export function encodeFrame(
  type: FrameType,
  stream: number,
  options: { readonly end?: boolean; readonly head?: object | undefined; readonly body?: Uint8Array } = {},
): Uint8Array {
  const head = options.head === undefined ? noBytes : encoder.encode(JSON.stringify(options.head))
  const body = options.body ?? noBytes
  if (head.length > maxHeadBytes)
    fail('TunnelFrameInvalid', { reason: 'its head is larger than 65535 bytes' })
  const out = new Uint8Array(headerBytes + head.length + body.length)
  out[0] = type
  out[1] = options.end === true ? endFlag : 0
  out[2] = head.length & 0xff
  out[3] = head.length >>> 8
  out[4] = stream & 0xff
  out[5] = (stream >>> 8) & 0xff
  out[6] = (stream >>> 16) & 0xff
  out[7] = stream >>> 24
  out.set(head, headerBytes)
  out.set(body, headerBytes + head.length)
  return out
}

/** Reads one message. Error: TunnelFrameInvalid. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < headerBytes) return invalid('it is shorter than its header')
  const type = bytes[0]!
  if (type < 1 || type > lastType) return invalid(`there is no type ${type}`)
  const flags = bytes[1]!
  if (flags > endFlag) return invalid('it has unknown flags')
  const bodyStart = headerBytes + bytes[2]! + bytes[3]! * 2 ** 8
  if (bodyStart > bytes.length) return invalid('it ends within its head')
  if (bytes.length - bodyStart > maxBodyBytes) return invalid('its body is larger than 65536 bytes')
  return {
    type: type as FrameType,
    stream: bytes[4]! + bytes[5]! * 2 ** 8 + bytes[6]! * 2 ** 16 + bytes[7]! * 2 ** 24,
    end: flags === endFlag,
    head: bodyStart === headerBytes ? undefined : parseHead(bytes.subarray(headerBytes, bodyStart)),
    body: bytes.subarray(bodyStart),
  }
}

function parseHead(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown
  } catch {
    return invalid('its head is not JSON')
  }
}

function invalid(reason: string): never {
  return fail('TunnelFrameInvalid', { reason })
}
