import { colorArgument, colorOf } from '../picture/color.js'
import { pictureOf } from '../picture/picture.js'
import { filled } from '../picture/pixels.js'
import { plain, sideArgument } from './operation.js'

export const makeCanvas = plain(
  {
    name: 'makeCanvas',
    on: 'Media',
    answers: false,
    about: 'Makes an empty picture in one colour.',
    args: { xs: sideArgument, ys: sideArgument, fillColor: colorArgument.default('transparent') },
  },
  async (job, own, { xs, ys, fillColor }) => {
    job.admit('The canvas', xs * ys)
    job.setPicture(own, pictureOf([filled(xs, ys, colorOf(fillColor))]))
  },
)
