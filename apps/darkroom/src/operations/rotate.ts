import { z } from 'zod'
import { colorArgument, colorOf } from '../picture/color.js'
import { frameOf, pipeline } from '../picture/pixels.js'
import { changeShape } from '../picture/selection.js'
import { changing } from './operation.js'

/** Width times height of a rectangle that holds the turned picture. */
function turnedPixels(width: number, height: number, degrees: number): number {
  const sine = Math.abs(Math.sin((degrees * Math.PI) / 180))
  const cosine = Math.abs(Math.cos((degrees * Math.PI) / 180))
  return Math.ceil(width * cosine + height * sine) * Math.ceil(width * sine + height * cosine)
}

export const rotate = changing(
  {
    name: 'rotate',
    about: 'Turns clockwise; the picture grows so that nothing is cut.',
    args: {
      angle: z.number().min(-3_600).max(3_600).describe('Degrees.'),
      fillColor: colorArgument.default('transparent').describe('In the corners.'),
    },
  },
  (picture, { angle, fillColor }, job) => {
    const pixels = turnedPixels(picture.width, picture.height, angle)
    job.admit('The turned picture', pixels * picture.delays.length)
    const background = colorOf(fillColor)
    return changeShape(picture, (frame) => frameOf(pipeline(frame).rotate(angle, { background })))
  },
)
