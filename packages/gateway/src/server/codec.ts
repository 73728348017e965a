import type { Message } from '../hub/message.js'

/**
 * How the messages of `serve-messages.ts` become bytes. A further form of them is one more module like `json-codec.ts`, named in
 * `codecs.ts`.
 */
export type Codec = {
  /** The subprotocol of WebSocket that stands for it. */
  readonly protocol: string
  readonly isBinary: boolean
  /** What the client sent, unchecked. Error: RequestMalformed. */
  readonly decode: (bytes: Buffer) => unknown
  readonly encode: (value: object) => Uint8Array
  /** A message for the subscription `id`; what is the same for all readers is encoded once. */
  readonly encodeMessage: (id: string | number, message: Message) => Uint8Array
}
