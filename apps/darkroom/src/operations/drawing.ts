import { z } from 'zod'
import { blendModes } from '../picture/blend-modes.js'
import { lay } from '../picture/compose.js'
import { coordinate, draw, pointList, pointsArgument, styleArguments, styleOf } from '../picture/drawing.js'
import type { Picture } from '../picture/picture.js'
import { changePixels } from '../picture/selection.js'
import { changing } from './operation.js'

const mixing = {
  opacity: z.int().min(0).max(255).default(255),
  blend: z.enum(blendModes).default('normal'),
}
type Mixing = { readonly opacity: number; readonly blend: (typeof blendModes)[number] }

async function drawOver(picture: Picture, element: string, { opacity, blend }: Mixing): Promise<Picture> {
  const frame = await draw(picture, element)
  const layer = { name: '', frame, x: 0, y: 0, opacity, blend, visible: true }
  return changePixels(picture, (below) => lay(below, layer))
}

/** A length that shapes may have, beyond the picture too. */
const length = z.number().min(0).max(60_000)

export const line = changing(
  {
    name: 'line',
    about: 'Draws a line through points.',
    args: { points: pointsArgument, ...styleArguments, ...mixing },
  },
  (picture, args) =>
    drawOver(picture, `<polyline points="${pointList(args.points)}" ${styleOf(args)}/>`, args),
)

export const polygon = changing(
  {
    name: 'polygon',
    about: 'Draws a closed shape.',
    args: { points: pointsArgument, ...styleArguments, ...mixing },
  },
  (picture, args) =>
    drawOver(picture, `<polygon points="${pointList(args.points)}" ${styleOf(args)}/>`, args),
)

export const rectangle = changing(
  {
    name: 'rectangle',
    about: 'Draws a rectangle, with round corners if wanted.',
    args: {
      x: coordinate,
      y: coordinate,
      xs: length,
      ys: length,
      radius: length.default(0),
      ...styleArguments,
      ...mixing,
    },
  },
  (picture, args) => {
    const { x, y, xs, ys, radius } = args
    const place = `x="${x}" y="${y}" width="${xs}" height="${ys}" rx="${radius}"`
    return drawOver(picture, `<rect ${place} ${styleOf(args)}/>`, args)
  },
)

export const ellipse = changing(
  {
    name: 'ellipse',
    about: 'Draws an ellipse around the point x, y.',
    args: { x: coordinate, y: coordinate, rx: length, ry: length, ...styleArguments, ...mixing },
  },
  (picture, args) => {
    const { x, y, rx, ry } = args
    return drawOver(picture, `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" ${styleOf(args)}/>`, args)
  },
)
