import { readFile } from 'node:fs/promises'
import exifr from 'exifr'
import type { Sharp } from 'sharp'

/** Values as texts: numbers are written in decimals, lists with spaces between. */
type Tags = Readonly<Record<string, string>>

/** What a picture says about itself. */
export type Metadata = {
  /** By directory, as EXIF names them: `IFD0` of the image, `IFD2` of the exposure, `IFD3` of the place. */
  readonly exif: Readonly<Record<string, Tags>>
  /** By the names of IPTC's application record, such as `Byline` and `Caption`; lists are texts with `;` between. */
  readonly iptc: Tags
  /** The packet as it is. */
  readonly xmp: string
}

export const noMetadata: Metadata = { exif: {}, iptc: {}, xmp: '' }

/** Entries for one tag that are longer than this are pictures or notes of makers, not texts. */
const maxTagLength = 2_000

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.replace(/\0+$/, '')
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'number')) return value.join(' ')
  return undefined
}

function tagsOf(fields: object | undefined, join: (value: unknown) => string | undefined = textOf): Tags {
  const tags: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields ?? {})) {
    const text = join(value)
    if (text !== undefined && text.length <= maxTagLength && /^\w+$/.test(name)) tags[name] = text
  }
  return tags
}

const listText = (value: unknown) => (Array.isArray(value) ? value.map(String).join(';') : textOf(value))

type Parsed = {
  readonly ifd0?: object
  readonly exif?: object
  readonly gps?: object
  readonly iptc?: object
}

/** Reads EXIF and IPTC of a file; what cannot be read counts as absent. `xmp` is the packet found by the decoder. */
export async function readMetadata(path: string, xmp: Buffer | undefined): Promise<Metadata> {
  const options = {
    tiff: true,
    ifd0: {},
    exif: true,
    gps: true,
    iptc: true,
    mergeOutput: false,
    translateValues: false,
    reviveValues: false,
  }
  const found: Parsed | undefined = await exifr.parse(await readFile(path), options).catch(() => undefined)
  const groups = { IFD0: tagsOf(found?.ifd0), IFD2: tagsOf(found?.exif), IFD3: tagsOf(found?.gps) }
  return {
    exif: Object.fromEntries(Object.entries(groups).filter(([, tags]) => Object.keys(tags).length > 0)),
    iptc: tagsOf(found?.iptc, listText),
    xmp: xmp?.toString('utf8').replace(/\0+$/, '') ?? '',
  }
}

/** Everything of `first`, and what `second` says in its place. */
export function mergeMetadata(first: Metadata, second: Metadata): Metadata {
  const groups = new Set([...Object.keys(first.exif), ...Object.keys(second.exif)])
  return {
    exif: Object.fromEntries(
      [...groups].map((group) => [group, { ...first.exif[group], ...second.exif[group] }]),
    ),
    iptc: { ...first.iptc, ...second.iptc },
    xmp: second.xmp === '' ? first.xmp : second.xmp,
  }
}

/** Tags that describe the pixels, which are turned upright and coded anew. */
const ofPixels = new Set(['Orientation', 'ImageWidth', 'ImageHeight', 'ExifImageWidth', 'ExifImageHeight'])

/** Adds EXIF and XMP to what a pipeline will write. IPTC needs `withIptc` afterwards. */
export function attachMetadata(image: Sharp, { exif, xmp }: Metadata): Sharp {
  const groups = Object.entries(exif).map(([group, tags]) => [
    group,
    Object.fromEntries(Object.entries(tags).filter(([name]) => !ofPixels.has(name))),
  ])
  if (groups.length > 0) image.withExif(Object.fromEntries(groups) as never)
  return xmp === '' ? image : image.withXmp(xmp)
}
