import type { Sharp } from 'sharp'
import { z } from 'zod'
import { colorArgument, colorOf } from '../picture/color.js'
import type { Frame, Picture } from '../picture/picture.js'
import { filled, frameOf, pipeline } from '../picture/pixels.js'
import { changePixels } from '../picture/selection.js'
import { changing } from './operation.js'

/** Changes colours by sharp; the alpha of each pixel stays. */
async function recolored(frame: Frame, change: (image: Sharp) => Sharp): Promise<Frame> {
  const opaque = await frameOf(change(pipeline(frame).removeAlpha()))
  for (let i = 3; i < opaque.data.length; i += 4) opaque.data[i] = frame.data[i]!
  return opaque
}

const recolor = (picture: Picture, change: (image: Sharp) => Sharp) =>
  changePixels(picture, (frame) => recolored(frame, change))

/** Applies one function of a channel's value to red, green and blue. */
function mapChannels(frame: Frame, map: (value: number) => number): Frame {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => Math.round(map(value)))
  const data = Buffer.from(frame.data)
  for (let i = 0; i < data.length; i++) if ((i & 3) !== 3) data[i] = table[data[i]!]!
  return { ...frame, data }
}

export const adjust = changing(
  {
    name: 'adjust',
    about: 'Changes brightness, contrast, saturation, hue and gamma.',
    args: {
      brightness: z.number().min(0).max(10).default(1).describe('A factor.'),
      contrast: z.number().min(0).max(10).default(1).describe('A factor around middle gray.'),
      saturation: z.number().min(0).max(10).default(1).describe('A factor.'),
      hue: z.number().min(-360).max(360).default(0).describe('Degrees on the circle of colours.'),
      gamma: z.number().min(0.1).max(10).default(1).describe('Above 1 makes the middle tones lighter.'),
    },
  },
  (picture, { brightness, contrast, saturation, hue, gamma }) =>
    changePixels(picture, async (frame) => {
      const toned = mapChannels(frame, (value) => {
        const curved = 255 * (value / 255) ** (1 / gamma)
        return ((curved - 127.5) * contrast + 127.5) * brightness
      })
      if (saturation === 1 && hue === 0) return toned
      return recolored(toned, (image) => image.modulate({ saturation, hue }))
    }),
)

export const levels = changing(
  {
    name: 'levels',
    about: 'Stretches the tones between black and white over the whole range.',
    args: { black: z.int().min(0).max(254).default(0), white: z.int().min(1).max(255).default(255) },
  },
  (picture, { black, white }) =>
    changePixels(picture, (frame) =>
      mapChannels(frame, (value) => ((value - black) * 255) / Math.max(1, white - black)),
    ),
)

export const normalize = changing(
  {
    name: 'normalize',
    about: 'Stretches the tones so that the darkest is black and the brightest white.',
    args: {},
  },
  (picture) => recolor(picture, (image) => image.normalise()),
)

export const grayscale = changing(
  { name: 'grayscale', about: 'Takes the colour away.', args: {} },
  (picture) => recolor(picture, (image) => image.greyscale()),
)

export const invert = changing({ name: 'invert', about: 'Makes a negative.', args: {} }, (picture) =>
  changePixels(picture, (frame) => mapChannels(frame, (value) => 255 - value)),
)

export const threshold = changing(
  {
    name: 'threshold',
    about: 'Makes pixels black or white by their brightness.',
    args: { level: z.int().min(1).max(255).default(128) },
  },
  (picture, { level }) => recolor(picture, (image) => image.threshold(level)),
)

export const posterize = changing(
  {
    name: 'posterize',
    about: 'Leaves a few tones of each channel.',
    args: { tones: z.int().min(2).max(64).default(4) },
  },
  (picture, { tones }) =>
    changePixels(picture, (frame) =>
      mapChannels(frame, (value) => (Math.round((value / 255) * (tones - 1)) * 255) / (tones - 1)),
    ),
)

export const duotone = changing(
  {
    name: 'duotone',
    about: 'Colours by brightness alone, from one colour in the dark to another in the light.',
    args: { dark: colorArgument, light: colorArgument },
  },
  (picture, { dark, light }) => {
    const [from, to] = [colorOf(dark), colorOf(light)]
    return changePixels(picture, async (frame) => {
      const gray = await recolored(frame, (image) => image.greyscale())
      for (let i = 0; i < gray.data.length; i += 4) {
        const part = gray.data[i]! / 255
        gray.data[i] = Math.round(from.r + (to.r - from.r) * part)
        gray.data[i + 1] = Math.round(from.g + (to.g - from.g) * part)
        gray.data[i + 2] = Math.round(from.b + (to.b - from.b) * part)
      }
      return gray
    })
  },
)

export const fill = changing(
  {
    name: 'fill',
    about: 'Fills the selection, or everything, with a colour.',
    args: { color: colorArgument },
  },
  (picture, { color }) => changePixels(picture, ({ width, height }) => filled(width, height, colorOf(color))),
)
