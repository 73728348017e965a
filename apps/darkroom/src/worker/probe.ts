import sharp from 'sharp'
import { framesOf } from '../picture/decode.js'
import { type Encoding, encode, framesKept } from '../picture/encode.js'
import type { Frame, Picture, Region } from '../picture/picture.js'
import { decodeOwn, frameOf } from '../picture/pixels.js'
import type { ProbeOrder, ProbeResult } from './messages.js'

/** Side of a tile; a multiple of the blocks of all formats, so that a tile is coded as it was in the whole. */
const side = 128
const block = 16

/** Numbers from a seed, by the steps of mulberry32, which is in the public domain. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** A tile at a place that the seed chooses, on the grid of blocks. */
function tileIn(width: number, height: number, next: (below: number) => number): Region {
  const start = (length: number) => next(Math.floor(Math.max(0, length - side) / block) + 1) * block
  const left = start(width)
  const top = start(height)
  return { left, top, width: Math.min(side, width - left), height: Math.min(side, height - top) }
}

/** Mean distance of the channels, of 255; pixels that cannot be seen count as equal. */
function distance(a: Frame, b: Frame): number {
  let sum = 0
  for (let i = 0; i < a.data.length; i += 4) {
    const alphaA = a.data[i + 3]!
    const alphaB = b.data[i + 3]!
    sum += Math.abs(alphaA - alphaB)
    if (alphaA === 0 && alphaB === 0) continue
    for (let c = 0; c < 3; c++) sum += Math.abs(a.data[i + c]! - b.data[i + c]!)
  }
  return sum / a.data.length
}

const isExact = ({ format, lossless, profile }: Encoding) =>
  profile === 'srgb' && (format === 'png' || (lossless && format !== 'jpeg' && format !== 'gif'))

/** What coding alone may change: as much as it changes this very tile, and a little for what surrounds it. */
async function distanceAllowed(tile: Frame, encoding: Encoding): Promise<number> {
  if (isExact(encoding)) return 0
  const single = { ...encoding, metadata: undefined, delays: [0] }
  return 2 * distance(flat(tile, encoding), await decodeOwn(await encode([tile], single))) + 1.5
}

/** The tile as formats without transparency show it. */
function flat(tile: Frame, { format, profile }: Encoding): Frame {
  if (format !== 'jpeg' && profile !== 'cmyk') return tile
  const data = Buffer.from(tile.data)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]! / 255
    for (let c = 0; c < 3; c++) data[i + c] = Math.round(data[i + c]! * alpha + 255 * (1 - alpha))
    data[i + 3] = 255
  }
  return { ...tile, data }
}

const different = (reason: string): ProbeResult => ({ same: false, reason })

/**
 * Draws one tile of one frame of what would be saved, and compares it with the same tile of a file that claims to be
 * the result. The file is not coded, and of a picture that was loaded and scaled no other part is computed.
 */
export async function probeTile(
  picture: Picture,
  encoding: Encoding,
  order: ProbeOrder,
): Promise<ProbeResult> {
  const next = numbers(order.seed)
  const tile = tileIn(picture.width, picture.height, next)
  const kept = framesKept(encoding.format, picture.delays.length)
  const page = next(kept)
  const options = {
    limitInputPixels: picture.width * picture.height * kept,
    failOn: 'error',
    pages: 1,
    page,
  } as const
  try {
    const header = await sharp(order.claimed, { limitInputPixels: options.limitInputPixels }).metadata()
    const format = header.format === 'heif' ? 'avif' : header.format
    if (format !== encoding.format) return different(`it is ${format} and not ${encoding.format}`)
    if (header.width !== picture.width || (header.pageHeight ?? header.height) !== picture.height)
      return different('it has another size')
    if ((header.pages ?? 1) !== kept) return different('it has another number of frames')
    const claimed = await frameOf(sharp(order.claimed, options).extract({ ...tile }))
    const own = (await framesOf(picture, tile))[page]!
    const found = distance(flat(own, encoding), claimed)
    const allowed = await distanceAllowed(own, encoding)
    const place = `${tile.width} × ${tile.height} pixels at ${tile.left}, ${tile.top} of frame ${page + 1}`
    return {
      same: found <= allowed,
      reason: `${place} differ by ${found.toFixed(2)}; ${allowed.toFixed(2)} is allowed`,
    }
  } catch (error) {
    return different(`it cannot be decoded: ${(error as Error).message.split('\n')[0]}`)
  }
}
