import { isUtf8 } from 'node:buffer'
import { reason, refusePacket } from './reasons.js'

const plain = /^[\x20-\x7e]*$/

/** Text of [from, to), which must be valid UTF-8 without U+0000 [MQTT-1.5.4]. Error: MqttRefused. */
export function readText(bytes: Buffer, from: number, to: number): string {
  const narrow = bytes.toString('latin1', from, to)
  if (plain.test(narrow)) return narrow
  if (narrow.includes('\0') || !isUtf8(bytes.subarray(from, to)))
    refusePacket(reason.malformed, 'a text is not valid UTF-8')
  return bytes.toString('utf8', from, to)
}
