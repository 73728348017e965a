import { z } from 'zod'
import { iptcNames } from '../picture/iptc.js'
import { mergeMetadata } from '../picture/metadata.js'
import { changing, mediaArgument, telling } from './operation.js'

const tags = z.record(z.string().regex(/^\w{1,64}$/), z.union([z.string().max(2_000), z.number()]))
const texts = (fields: Readonly<Record<string, string | number>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))

export const getMetadata = telling(
  { name: 'getMetadata', about: 'Tells EXIF by directory, IPTC by name, and the packet of XMP.', args: {} },
  (picture) => picture.metadata,
)

export const setMetadata = changing(
  {
    name: 'setMetadata',
    about:
      'Changes metadata, which save writes if its argument metadata is true. IPTC is written to JPEG only.',
    args: {
      exif: z
        .partialRecord(z.enum(['IFD0', 'IFD2', 'IFD3']), tags)
        .default({})
        .describe('IFD0: the image, IFD2: the exposure, IFD3: the place.'),
      iptc: z
        .partialRecord(
          z.enum(iptcNames as [string, ...string[]]),
          z.union([z.string().max(2_000), z.number()]),
        )
        .default({}),
      xmp: z.string().max(100_000).default(''),
      merge: z.boolean().default(true).describe('false: forgets everything that was there.'),
    },
  },
  (picture, { exif, iptc, xmp, merge }) => {
    const groups = Object.entries(exif).map(([group, fields]) => [group, texts(fields!)])
    const set = {
      exif: Object.fromEntries(groups),
      iptc: texts(iptc as Record<string, string | number>),
      xmp,
    }
    return { ...picture, metadata: merge ? mergeMetadata(picture.metadata, set) : set }
  },
)

export const copyMetadata = changing(
  {
    name: 'copyMetadata',
    about: 'Takes over metadata of another Media.',
    args: { source: mediaArgument },
  },
  (picture, { source }, job) => ({
    ...picture,
    metadata: mergeMetadata(picture.metadata, job.picture(source.$media).metadata),
  }),
)
