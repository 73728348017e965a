import { fail } from '@banyan/base'
import { newFrameSlot, sharedFrame } from '../hub/message.js'
import type { Codec } from './codec.js'
import { messageJson } from './message-form.js'

const slot = newFrameSlot()

/** One JSON object in each message. */
export const jsonCodec: Codec = {
  protocol: 'banyan.v1.json',
  isBinary: false,
  decode: (bytes) => {
    try {
      return JSON.parse(bytes.toString('utf8'))
    } catch (error) {
      return fail('RequestMalformed', { reason: 'it is not JSON' }, error)
    }
  },
  encode: (value) => Buffer.from(JSON.stringify(value)),
  encodeMessage: (id, message) => {
    // Without the brace before it.
    const body = sharedFrame(message, slot, () => Buffer.from(JSON.stringify(messageJson(message)).slice(1)))
    return Buffer.concat([Buffer.from(`{"t":"msg","id":${JSON.stringify(id)},`), body])
  },
}
