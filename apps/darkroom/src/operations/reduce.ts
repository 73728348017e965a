import { z } from 'zod'
import { type Color, colorArgument, colorOf } from '../picture/color.js'
import { mostUseful, palettes, reduceTo } from '../picture/palette.js'
import type { Frame } from '../picture/picture.js'
import { decodeOwn, pipeline } from '../picture/pixels.js'
import { changePixels } from '../picture/selection.js'
import { changing } from './operation.js'

/** The library chooses 256 colours; it has no way to choose any other number of them. */
async function bestColors(frame: Frame, count: number): Promise<readonly Color[]> {
  const options = { palette: true, colours: 256, dither: 0, effort: 7 }
  return mostUseful(await decodeOwn(await pipeline(frame).png(options).toBuffer()), count)
}

const colorList = z.array(colorArgument).min(2).max(256)

export const reduce = changing(
  {
    name: 'reduce',
    about: 'Reduces to few colours: the best ones of each frame, or those of a palette.',
    args: {
      colors: z.int().min(2).max(256).default(256).describe('How many, without a palette.'),
      palette: z
        .union([z.enum(['mono', 'gray4', 'primary']), colorList])
        .optional()
        .describe('A name or a list of colours.'),
      dither: z.number().min(0).max(10).default(10).describe('0 leaves bands, 10 spreads all of the error.'),
    },
  },
  (picture, { colors, palette, dither }) => {
    const fixed = typeof palette === 'string' ? palettes[palette] : palette
    return changePixels(picture, async (frame) => {
      const chosen = fixed?.map(colorOf) ?? (await bestColors(frame, colors))
      return reduceTo(frame, chosen, dither / 10)
    })
  },
)
