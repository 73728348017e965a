import { reason, refusePacket } from './reasons.js'

/** Bytes of a fixed header at most: type and flags, and a length of four bytes. */
const longestHeader = 5

/** Where the packet that begins at `offset` ends; -1 if its header is not here yet. Error: MqttRefused. */
function endOfPacket(bytes: Buffer, offset: number): number {
  let length = 0
  let scale = 1
  for (let i = offset + 1; i < bytes.length && i < offset + longestHeader; i++) {
    const byte = bytes[i]!
    length += (byte & 0x7f) * scale
    if (byte < 0x80) return i + 1 + length
    scale *= 128
  }
  if (bytes.length - offset >= longestHeader)
    refusePacket(reason.malformed, 'the length of a packet has more than four bytes')
  return -1
}

/** Cuts a stream of bytes into packets of at most `most` bytes. */
export class PacketSplitter {
  private readonly most: number
  private readonly parts: Buffer[] = []
  private held = 0
  /** Bytes that must be here before it is worth looking again. */
  private needed = 0

  constructor(most: number) {
    this.most = most
  }

  /** Gives each whole packet to `take`, as a view of the bytes. Error: MqttRefused. */
  push(chunk: Buffer, take: (packet: Buffer) => void): void {
    this.parts.push(chunk)
    this.held += chunk.length
    if (this.held < this.needed) return
    const bytes = this.parts.length === 1 ? chunk : Buffer.concat(this.parts, this.held)
    this.parts.length = 0
    let offset = 0
    this.needed = 0
    while (offset < bytes.length) {
      const end = endOfPacket(bytes, offset)
      if (end - offset > this.most) refusePacket(reason.tooLarge, `a packet exceeds ${this.most} bytes`)
      if (end < 0 || end > bytes.length) {
        this.needed = end < 0 ? 0 : end - offset
        break
      }
      take(bytes.subarray(offset, end))
      offset = end
    }
    this.held = bytes.length - offset
    if (this.held > 0) this.parts.push(bytes.subarray(offset))
  }
}
