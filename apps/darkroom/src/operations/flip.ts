import { z } from 'zod'
import { frameOf, pipeline } from '../picture/pixels.js'
import { changeShape } from '../picture/selection.js'
import { changing } from './operation.js'

export const flip = changing(
  {
    name: 'flip',
    about: 'Mirrors left and right, or top and bottom.',
    args: { axis: z.enum(['horizontal', 'vertical']).default('horizontal') },
  },
  (picture, { axis }) =>
    changeShape(picture, (frame) =>
      frameOf(axis === 'horizontal' ? pipeline(frame).flop() : pipeline(frame).flip()),
    ),
)
