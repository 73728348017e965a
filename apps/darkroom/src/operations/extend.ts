import { z } from 'zod'
import { colorArgument, colorOf } from '../picture/color.js'
import { frameOf, pipeline } from '../picture/pixels.js'
import { changeShape } from '../picture/selection.js'
import { changing } from './operation.js'

const margin = z.int().min(0).max(10_000).default(0)

export const extend = changing(
  {
    name: 'extend',
    about: 'Adds margins in one colour.',
    args: {
      left: margin,
      top: margin,
      right: margin,
      bottom: margin,
      fillColor: colorArgument.default('white'),
    },
  },
  (picture, { left, top, right, bottom, fillColor }, job) => {
    const pixels = (picture.width + left + right) * (picture.height + top + bottom)
    job.admit('The extended picture', pixels * picture.delays.length)
    const margins = { left, top, right, bottom, background: colorOf(fillColor) }
    return changeShape(picture, (frame) => frameOf(pipeline(frame).extend(margins)))
  },
)
