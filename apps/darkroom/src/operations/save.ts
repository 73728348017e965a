import { z } from 'zod'
import { colorArgument } from '../picture/color.js'
import { framesOf } from '../picture/decode.js'
import { type Encoding, encode, type Format, formats, mediaType } from '../picture/encode.js'
import type { Picture } from '../picture/picture.js'
import { type Job, plain } from './operation.js'

/** Arguments of everything that writes a file. */
export const saveArguments = {
  type: z
    .enum([...formats, 'jpg', 'auto'])
    .default('auto')
    .describe('auto: AVIF, WebP or JPEG as the Accept header of the request allows.'),
  quality: z.int().min(1).max(100).default(80),
  lossless: z.boolean().default(false).describe('WebP, AVIF and TIFF.'),
  progressive: z.boolean().default(false).describe('JPEG and PNG.'),
  fillColor: colorArgument.default('white').describe('Under transparent pixels of JPEG.'),
  profile: z.enum(['srgb', 'p3', 'cmyk']).default('srgb').describe('ICC profile; cmyk for JPEG and TIFF.'),
  metadata: z.boolean().default(false).describe('true: writes EXIF, XMP and, to JPEG, IPTC.'),
}

export type SaveArguments = z.infer<z.ZodObject<typeof saveArguments>>

function formatOf(type: SaveArguments['type'], job: Job): Format {
  if (type === 'auto') return job.bestFormat()
  return type === 'jpg' ? 'jpeg' : type
}

function encodingOf(picture: Picture, args: SaveArguments, job: Job): Encoding {
  const { type, fillColor, metadata, ...more } = args
  return {
    ...more,
    format: formatOf(type, job),
    background: fillColor,
    metadata: metadata ? picture.metadata : undefined,
    delays: picture.delays,
    loop: picture.loop,
  }
}

/** The picture as a file. */
export async function fileOf(
  picture: Picture,
  args: SaveArguments,
  job: Job,
): Promise<{ readonly bytes: Buffer; readonly type: string }> {
  const encoding = encodingOf(picture, args, job)
  return { bytes: await encode(await framesOf(picture), encoding), type: mediaType(encoding.format) }
}

export const save = plain(
  {
    name: 'save',
    on: 'Media',
    answers: false,
    about: 'Makes the picture the answer of the request.',
    args: saveArguments,
  },
  async (job, own, args) => {
    const picture = job.picture(own)
    if (job.probe !== undefined) return job.probe(picture, encodingOf(picture, args, job))
    job.answer(await fileOf(picture, args, job))
  },
)
