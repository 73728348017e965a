import sharp, { type Sharp } from 'sharp'
import { colorOf } from './color.js'
import { withIptc } from './iptc.js'
import { attachMetadata, type Metadata } from './metadata.js'
import type { Frame } from './picture.js'
import { isOpaque, pipeline } from './pixels.js'

export const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const
export type Format = (typeof formats)[number]

export type Encoding = {
  readonly format: Format
  /** 1 to 100; formats without loss take no notice. */
  readonly quality: number
  readonly lossless: boolean
  /** CSS colour under transparent pixels of formats without transparency. */
  readonly background: string
  /** ICC profile to convert to and to write. */
  readonly profile: 'srgb' | 'p3' | 'cmyk'
  readonly metadata: Metadata | undefined
  readonly delays: readonly number[]
  readonly loop: number
  readonly progressive: boolean
}

export const mediaType = (format: Format): string => `image/${format}`

const formatsWithFrames: readonly Format[] = ['gif', 'webp']

/** How many of the frames a format keeps. */
export const framesKept = (format: Format, frames: number): number =>
  formatsWithFrames.includes(format) ? frames : 1

function animated(frames: readonly Frame[]): Sharp {
  const { width, height } = frames[0]!
  return sharp(Buffer.concat(frames.map(({ data }) => data)), {
    raw: { width, height: height * frames.length, channels: 4, pageHeight: height },
    limitInputPixels: false,
  })
}

function inFormat(image: Sharp, encoding: Encoding): Sharp {
  const { format, quality, lossless, loop, progressive } = encoding
  const delay = encoding.delays.map((time) => (time === 0 ? 100 : time))
  const animation = delay.length > 1 ? { loop, delay } : {}
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality, progressive })
    case 'png':
      return image.png({ progressive })
    case 'webp':
      return image.webp({ quality, lossless, ...animation })
    case 'avif':
      return image.avif({ quality, lossless, effort: 4 })
    case 'tiff':
      return image.tiff({ quality, compression: lossless ? 'deflate' : 'jpeg' })
    case 'gif':
      return image.gif(animation)
  }
}

/** Encodes frames that are all of one size; formats without animation take the first. */
export async function encode(frames: readonly Frame[], encoding: Encoding): Promise<Buffer> {
  const { format, profile, metadata, background } = encoding
  const kept = frames.slice(0, framesKept(format, frames.length))
  const image = kept.length > 1 ? animated(kept) : pipeline(kept[0]!)
  const isPlain = kept.every(isOpaque)
  if (format === 'jpeg' || profile === 'cmyk') image.flatten({ background: colorOf(background) })
  else if (isPlain && kept.length === 1) image.removeAlpha()
  if (profile === 'cmyk') image.toColourspace('cmyk')
  if (profile !== 'srgb') image.withIccProfile(profile)
  if (metadata !== undefined) attachMetadata(image, metadata)
  const bytes = await inFormat(image, encoding).toBuffer()
  return format === 'jpeg' && metadata !== undefined ? withIptc(bytes, metadata.iptc) : bytes
}
