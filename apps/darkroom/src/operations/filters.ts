import { z } from 'zod'
import { frameOf, pipeline } from '../picture/pixels.js'
import { changePixels } from '../picture/selection.js'
import { changing } from './operation.js'

export const blur = changing(
  {
    name: 'blur',
    about: 'Blurs by a bell curve.',
    args: { radius: z.number().min(0.3).max(500).default(2).describe('Its standard deviation in pixels.') },
  },
  (picture, { radius }) => changePixels(picture, (frame) => frameOf(pipeline(frame).blur(radius))),
)

export const sharpen = changing(
  {
    name: 'sharpen',
    about: 'Sharpens edges and spares flat areas.',
    args: { radius: z.number().min(0.3).max(10).default(1), amount: z.number().min(0).max(10).default(2) },
  },
  (picture, { radius, amount }) =>
    changePixels(picture, (frame) => frameOf(pipeline(frame).sharpen({ sigma: radius, m2: amount }))),
)

export const median = changing(
  {
    name: 'median',
    about: 'Takes the middle value around each pixel, which removes specks.',
    args: { size: z.int().min(3).max(25).default(3) },
  },
  (picture, { size }) => changePixels(picture, (frame) => frameOf(pipeline(frame).median(size))),
)
