import { fail } from '@banyan/base'
import sharp from 'sharp'
import { z } from 'zod'
import { cut } from '../picture/decode.js'
import { frameOf, pipeline } from '../picture/pixels.js'
import { changeShape } from '../picture/selection.js'
import { changing, lengthArgument, lengthOf, placeArgument } from './operation.js'

const center = (whole: number, part: number) => Math.floor((whole - part) / 2)

export const crop = changing(
  {
    name: 'crop',
    about: 'Cuts a rectangle out; without a place the middle, or what catches the eye.',
    args: {
      xs: lengthArgument,
      ys: lengthArgument,
      x: placeArgument.optional(),
      y: placeArgument.optional(),
      focus: z
        .enum(['center', 'attention', 'entropy'])
        .default('center')
        .describe('attention: skin, bright colours and detail; entropy: detail alone.'),
    },
  },
  (picture, { xs, ys, x, y, focus }) => {
    const width = Math.min(lengthOf(xs, picture.width), picture.width)
    const height = Math.min(lengthOf(ys, picture.height), picture.height)
    if (focus !== 'center' && x === undefined && y === undefined) {
      const position = sharp.strategy[focus]
      return changeShape(picture, (frame) =>
        frameOf(pipeline(frame).resize(width, height, { fit: 'cover', position, withoutEnlargement: true })),
      )
    }
    const left = x ?? center(picture.width, width)
    const top = y ?? center(picture.height, height)
    if (left < 0 || top < 0 || left + width > picture.width || top + height > picture.height)
      fail('OperationInvalid', {
        operation: 'Media.crop',
        reason: 'the rectangle reaches beyond the picture',
      })
    return changeShape(picture, (frame) => cut(frame, { left, top, width, height }))
  },
)
