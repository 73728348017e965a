import { fail } from '@banyan/base'
import { decode, encode } from 'cborg'
import { newFrameSlot, sharedFrame } from '../hub/message.js'
import type { Codec } from './codec.js'
import { messageHead } from './message-form.js'

const slot = newFrameSlot()

/** One CBOR map in each message (RFC 8949), payloads as byte strings. */
export const cborCodec: Codec = {
  protocol: 'banyan.v1.cbor',
  isBinary: true,
  decode: (bytes) => {
    try {
      return decode(bytes)
    } catch (error) {
      return fail('RequestMalformed', { reason: 'it is not CBOR' }, error)
    }
  },
  encode,
  encodeMessage: (id, message) => {
    const body = sharedFrame(message, slot, () =>
      encode({ ...messageHead(message), payload: message.payload }),
    )
    const own = encode({ id, t: 'msg' })
    // The first byte of a small map is 0xa0 and the number of its entries.
    return Buffer.concat([Buffer.of(body[0]! + (own[0]! & 0x1f)), own.subarray(1), body.subarray(1)])
  },
}
