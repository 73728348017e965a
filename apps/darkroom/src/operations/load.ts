import { z } from 'zod'
import { openMedia } from '../picture/decode.js'
import { plain } from './operation.js'

export const load = plain(
  {
    name: 'load',
    on: 'Media',
    answers: false,
    about:
      'Loads a picture or document by its address: http(s), `sample:` for the samples of this service, `body:` for the body of the request. EXIF orientation is applied.',
    args: {
      name: z.string().min(1).max(8_000),
      page: z.int().min(1).max(100_000).default(1).describe('The first page or frame, from 1.'),
      pages: z
        .union([z.int().min(1).max(10_000), z.literal('all')])
        .optional()
        .describe('How many pages or frames; all of an animation and one of anything else unless given.'),
      dpi: z
        .number()
        .min(10)
        .max(1_200)
        .optional()
        .describe('Dots per inch; 150 for documents and 72 for SVG unless given.'),
    },
  },
  async (job, own, { name, page, pages, dpi }) => {
    const path = await job.fetch(name)
    const wanted = pages === 'all' ? undefined : pages
    const options = { name, path, firstPage: page - 1, dpi }
    const one = await openMedia(
      { ...options, pages: wanted ?? (pages === 'all' ? undefined : 1) },
      job.limits,
    )
    const isAnimation = one.format === 'gif' || one.format === 'webp'
    const isWhole = pages !== undefined || page !== 1 || !isAnimation
    job.setPicture(own, isWhole ? one : await openMedia({ ...options, pages: undefined }, job.limits))
  },
)
