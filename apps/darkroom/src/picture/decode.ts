import { banyanError, fail } from '@banyan/base'
import sharp, { type Metadata as SharpMetadata, type SharpOptions } from 'sharp'
import { layAll } from './compose.js'
import { openDocument, renderPages } from './document.js'
import { type Metadata, readMetadata } from './metadata.js'
import { type Frame, isDecoded, type Picture, pictureOf, type Region, type Undecoded } from './picture.js'
import { frameOf, resized, tileOf } from './pixels.js'

export type LoadOptions = {
  readonly name: string
  readonly path: string
  /** From 0. */
  readonly firstPage: number
  /** How many pages or frames; `undefined` for all of them. */
  readonly pages: number | undefined
  /** Dots per inch of documents and drawings. */
  readonly dpi: number | undefined
}

/** Resolutions that are usual where none is asked for. */
const documentDpi = 150
const drawingDpi = 72

export type PictureLimits = { readonly pixels: number; readonly pages: number }

const formats = ['jpeg', 'png', 'webp', 'heif', 'tiff', 'gif', 'svg']

const unreadable = (name: string, error: unknown) =>
  banyanError(
    'InputUnreadable',
    { name, reason: (error as Error).message.split('\n')[0]!.slice(0, 200) },
    error,
  )

/** Fails with PictureTooLarge unless so many pixels may exist. */
export function admitPixels(what: string, pixels: number, limit: number): void {
  if (pixels > limit) fail('PictureTooLarge', { what, pixels, limit })
}

const optionsOf = ({ firstPage, pages, density, format }: Undecoded): SharpOptions => ({
  page: firstPage,
  pages,
  ...(format === 'svg' ? { density } : {}),
  failOn: 'error',
  // The size was admitted when the header was read.
  limitInputPixels: false,
})

/** How many pages `options` ask for of the `existing` ones. Errors: InputUnreadable, PictureTooLarge. */
function pagesWanted({ name, firstPage, pages }: LoadOptions, existing: number, limit: number): number {
  if (firstPage >= existing)
    fail('InputUnreadable', {
      name,
      reason: `it has ${existing} pages or frames, and ${firstPage + 1} was asked for`,
    })
  const wanted = Math.min(pages ?? existing, existing - firstPage)
  if (wanted > limit)
    fail('OperationInvalid', { operation: 'Media.load', reason: `${wanted} pages are more than ${limit}` })
  return wanted
}

/** Reads the header of a picture; its pixels are decoded when they are needed. */
async function openPicture(options: LoadOptions, limits: PictureLimits): Promise<Picture> {
  const { name, path, firstPage, dpi: density = drawingDpi } = options
  let header: SharpMetadata
  try {
    header = await sharp(path, { limitInputPixels: false, density }).metadata()
  } catch (error) {
    throw unreadable(name, error)
  }
  if (!formats.includes(header.format))
    fail('InputUnreadable', { name, reason: `${header.format} is not supported` })
  const { width, height } = header.autoOrient
  const pages = pagesWanted(options, header.pages ?? 1, limits.pages)
  admitPixels(name, width * height * pages, limits.pixels)
  return {
    ...pictureOf([{ data: Buffer.alloc(0), width, height }]),
    format: header.format === 'heif' ? 'avif' : header.format,
    frames: { path, format: header.format, firstPage, pages, density, resize: undefined },
    delays: Array.from({ length: pages }, (_, i) => header.delay?.[firstPage + i] ?? 0),
    loop: header.loop ?? 0,
    metadata: await metadataOf(path, header),
  }
}

const metadataOf = async (path: string, { exif, xmp, iptc }: SharpMetadata): Promise<Metadata> =>
  exif === undefined && xmp === undefined && iptc === undefined
    ? { exif: {}, iptc: {}, xmp: '' }
    : readMetadata(path, xmp)

/**
 * Opens a file by its content, whatever its name says. Pages of documents are drawn at once.
 *
 * Errors: InputUnreadable, PictureTooLarge, OperationInvalid.
 */
export async function openMedia(options: LoadOptions, limits: PictureLimits): Promise<Picture> {
  const document = await openDocument(options.path)
  if (document === undefined) return openPicture(options, limits)
  try {
    const pages = pagesWanted(options, document.pages, limits.pages)
    const frames = await renderPages(
      document,
      options.firstPage,
      pages,
      options.dpi ?? documentDpi,
      (pixels) => admitPixels(options.name, pixels, limits.pixels),
    )
    return {
      ...pictureOf(
        frames,
        frames.map(() => 0),
      ),
      format: 'pdf',
    }
  } finally {
    document.close()
  }
}

/** Cuts the tall picture that several frames are decoded to. */
function cutFrames({ data, width, height }: Frame, count: number): readonly Frame[] {
  const frameHeight = height / count
  const size = width * frameHeight * 4
  return Array.from({ length: count }, (_, i) => ({
    data: data.subarray(i * size, (i + 1) * size),
    width,
    height: frameHeight,
  }))
}

async function decode(source: Undecoded, tile: Region | undefined): Promise<readonly Frame[]> {
  const image = sharp(source.path, optionsOf(source))
  if (source.pages === 1) image.autoOrient()
  if (source.resize !== undefined) resized(image, source.resize)
  try {
    // Frames of animations are cut apart first: a tile of the whole strip would be one of the first frame.
    if (source.pages === 1) return [await frameOf(tileOf(image, tile))]
    const frames = cutFrames(await frameOf(image), source.pages)
    return tile === undefined ? frames : await Promise.all(frames.map((frame) => cut(frame, tile)))
  } catch (error) {
    throw unreadable('The input', error)
  }
}

/** A part of a frame. */
export const cut = ({ data, width, height }: Frame, tile: Region): Promise<Frame> =>
  frameOf(sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false }).extract({ ...tile }))

/**
 * The frames of a picture with its layers laid over them, or only a tile of them, which costs less.
 *
 * Errors: InputUnreadable.
 */
export async function framesOf(picture: Picture, tile?: Region): Promise<readonly Frame[]> {
  const { frames, layers } = picture
  if (!isDecoded(frames) && layers.length === 0) return decode(frames, tile)
  const decoded = isDecoded(frames) ? frames : await decode(frames, undefined)
  const whole: Frame[] = []
  for (const frame of decoded) whole.push(await layAll(frame, layers))
  return tile === undefined ? whole : Promise.all(whole.map((frame) => cut(frame, tile)))
}
