import { z } from 'zod'
import { colorArgument, colorOf } from '../picture/color.js'
import { palettes, reduceTo } from '../picture/palette.js'
import { decodeOwn, pipeline } from '../picture/pixels.js'
import { changePixels } from '../picture/selection.js'
import { changing } from './operation.js'

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
    if (palette === undefined) {
      const options = { palette: true, colours: colors, dither: dither / 10, effort: 7 }
      return changePixels(picture, async (frame) => decodeOwn(await pipeline(frame).png(options).toBuffer()))
    }
    const chosen = (typeof palette === 'string' ? palettes[palette] : palette).map(colorOf)
    return changePixels(picture, (frame) => reduceTo(frame, chosen, dither / 10))
  },
)
