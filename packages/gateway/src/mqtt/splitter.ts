import { reason, refusePacket } from './reasons.js'

/** Bytes of a fixed header at most: type and flags, and a length of four bytes. */
const longestHeader = 5
/** Bytes that are kept of a packet whose length is not known yet. */
const smallestRest = 64

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
  /** Begins with the `held` bytes of a packet that is not whole; grows as they come, so that little bytes cost little. */
  private rest = Buffer.alloc(0)
  private held = 0
  /** Bytes that must be here before it is worth looking again. */
  private needed = 0

  constructor(most: number) {
    this.most = most
  }

  /** Gives each whole packet to `take`, as a view of bytes that never change. Error: MqttRefused. */
  push(chunk: Buffer, take: (packet: Buffer) => void): void {
    let bytes = chunk
    if (this.held > 0) {
      this.keep(chunk)
      if (this.held < this.needed) return
      bytes = this.rest.subarray(0, this.held)
      this.rest = Buffer.alloc(0)
      this.held = 0
    }
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
    if (offset < bytes.length) this.keep(bytes.subarray(offset))
  }

  private keep(bytes: Buffer): void {
    const length = this.held + bytes.length
    if (length > this.rest.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(smallestRest, 2 * this.rest.length, length))
      this.rest.copy(larger, 0, 0, this.held)
      this.rest = larger
    }
    bytes.copy(this.rest, this.held)
    this.held = length
  }
}
