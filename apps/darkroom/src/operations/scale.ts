import { fail } from '@banyan/base'
import { z } from 'zod'
import { colorArgument, colorOf, cssColor } from '../picture/color.js'
import { isDecoded, type Picture, type Resize } from '../picture/picture.js'
import { frameOf, pipeline, resized } from '../picture/pixels.js'
import { changeShape } from '../picture/selection.js'
import { changing, lengthArgument, lengthOf, maxSide } from './operation.js'

const kernels = {
  best: 'lanczos3',
  good: 'mitchell',
  smooth: 'cubic',
  linear: 'linear',
  fast: 'nearest',
} as const

type Fit = 'fill' | 'inside' | 'outside' | 'cover' | 'contain'
type Size = { readonly width: number; readonly height: number }

const side = (value: number) => Math.min(maxSide, Math.max(1, Math.round(value)))

/** The size that a picture gets: one length alone keeps its shape. */
export function sizeWanted(picture: Size, xs: number | undefined, ys: number | undefined, fit: Fit): Size {
  if (xs !== undefined && ys !== undefined && fit !== 'inside' && fit !== 'outside')
    return { width: xs, height: ys }
  const ratios = [
    ...(xs === undefined ? [] : [xs / picture.width]),
    ...(ys === undefined ? [] : [ys / picture.height]),
  ]
  const ratio = fit === 'outside' ? Math.max(...ratios) : Math.min(...ratios)
  return { width: side(picture.width * ratio), height: side(picture.height * ratio) }
}

async function resizePicture(picture: Picture, resize: Resize): Promise<Picture> {
  const { frames, layers, selection } = picture
  const { width, height } = resize
  if (!isDecoded(frames) && frames.resize === undefined && layers.length === 0 && selection === undefined)
    return { ...picture, width, height, frames: { ...frames, resize } }
  return changeShape(picture, (frame) => frameOf(resized(pipeline(frame), resize)))
}

export const scale = changing(
  {
    name: 'scale',
    about: 'Changes the size. One length alone keeps the proportions.',
    args: {
      xs: lengthArgument.optional().describe('Width in pixels, or a text such as 50%.'),
      ys: lengthArgument.optional().describe('Height likewise.'),
      alg: z.enum(['best', 'good', 'smooth', 'linear', 'fast']).default('best'),
      fit: z
        .enum(['fill', 'inside', 'outside', 'cover', 'contain'])
        .default('fill')
        .describe(
          'With both lengths: stretch, stay inside, reach outside, cover and cut, or contain and add fillColor.',
        ),
      fillColor: colorArgument.default('transparent'),
      enlarge: z.boolean().default(true).describe('false: never makes a picture larger.'),
    },
  },
  (picture, { xs, ys, alg, fit, fillColor, enlarge }, job) => {
    if (xs === undefined && ys === undefined)
      fail('OperationInvalid', { operation: 'Media.scale', reason: 'xs or ys is needed' })
    const width = xs === undefined ? undefined : lengthOf(xs, picture.width)
    const height = ys === undefined ? undefined : lengthOf(ys, picture.height)
    const size = sizeWanted(picture, width, height, fit)
    if (!enlarge && (size.width > picture.width || size.height > picture.height)) return picture
    job.admit('The scaled picture', size.width * size.height * picture.delays.length)
    return resizePicture(picture, {
      ...size,
      fit: fit === 'cover' || fit === 'contain' ? fit : 'fill',
      kernel: kernels[alg],
      background: cssColor(colorOf(fillColor)),
    })
  },
)
