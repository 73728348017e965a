import { cborCodec } from './cbor-codec.js'
import type { Codec } from './codec.js'
import { jsonCodec } from './json-codec.js'

/** Forms of messages over WebSocket, by their subprotocols. */
export const codecs: ReadonlyMap<string, Codec> = new Map(
  [jsonCodec, cborCodec].map((codec) => [codec.protocol, codec]),
)
