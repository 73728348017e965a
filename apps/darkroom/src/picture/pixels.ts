import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Frame, Mask, Region, Resize } from './picture.js'

sharp.cache(false)
sharp.concurrency(1)

/** Opens the pixels of a frame as a pipeline of sharp. */
export function pipeline({ data, width, height }: Frame): Sharp {
  return sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
}

/** Opens a mask as a pipeline of one channel. */
export function maskPipeline({ data, width, height }: Mask): Sharp {
  return sharp(data, { raw: { width, height, channels: 1 }, limitInputPixels: false })
}

/** Runs a pipeline and gives its pixels. */
export async function frameOf(image: Sharp): Promise<Frame> {
  const { data, info } = await image
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { data: inFourChannels(data, info.channels), width: info.width, height: info.height }
}

/** Pictures without colour come as brightness alone, or with alpha. */
function inFourChannels(pixels: Buffer, channels: number): Buffer {
  if (channels === 4) return pixels
  const data = Buffer.alloc((pixels.length / channels) * 4, 255)
  for (let i = 0, j = 0; i < pixels.length; i += channels, j += 4) {
    data.fill(pixels[i]!, j, j + 3)
    if (channels === 2) data[j + 3] = pixels[i + 1]!
  }
  return data
}

/** Runs a pipeline and gives one channel of it. */
export async function maskOf(image: Sharp): Promise<Mask> {
  const { data, info } = await image
    .extractChannel(0)
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** Pixels of encoded bytes made by this program itself, such as a drawing. */
export const decodeOwn = (bytes: Buffer, options: SharpOptions = {}): Promise<Frame> =>
  frameOf(sharp(bytes, { limitInputPixels: false, ...options }))

export const resized = (image: Sharp, { width, height, ...more }: Resize): Sharp =>
  image.resize(width, height, more)

export const tileOf = (image: Sharp, tile: Region | undefined): Sharp =>
  tile === undefined ? image : image.extract({ ...tile })

/** A frame in one colour. */
export function filled(
  width: number,
  height: number,
  color: { r: number; g: number; b: number; alpha: number },
): Frame {
  const data = Buffer.alloc(width * height * 4)
  const pixel = Buffer.from([color.r, color.g, color.b, Math.round(color.alpha * 255)])
  data.fill(pixel)
  return { data, width, height }
}

/** Whether no pixel lets anything through. */
export function isOpaque({ data }: Frame): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}
