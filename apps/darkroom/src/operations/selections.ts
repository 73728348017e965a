import { z } from 'zod'
import { colorArgument, colorOf } from '../picture/color.js'
import { framesOf } from '../picture/decode.js'
import { coordinate, pointList, pointsArgument, svgOf } from '../picture/drawing.js'
import type { Picture } from '../picture/picture.js'
import {
  combinations,
  feathered,
  maskOfColor,
  maskOfDrawing,
  maskOfFrame,
  select,
  selectionOf,
} from '../picture/selection.js'
import { changing, mediaArgument } from './operation.js'

const mode = z.enum(combinations).default('replace').describe('How it joins what is selected already.')
const feather = z.number().min(0).max(1_000).default(0).describe('Pixels over which the edge softens.')
const how = { mode, feather }
type How = { readonly mode: (typeof combinations)[number]; readonly feather: number }
const length = z.number().min(0).max(60_000)

async function selectShape(picture: Picture, element: string, { mode, feather }: How): Promise<Picture> {
  const mask = await maskOfDrawing(svgOf(picture, element))
  return select(picture, await feathered(mask, feather), mode)
}

export const selectRectangle = changing(
  {
    name: 'selectRectangle',
    about: 'Selects a rectangle. What follows changes selected pixels only.',
    args: { x: coordinate, y: coordinate, xs: length, ys: length, ...how },
  },
  (picture, { x, y, xs, ys, ...more }) =>
    selectShape(picture, `<rect x="${x}" y="${y}" width="${xs}" height="${ys}" fill="#fff"/>`, more),
)

export const selectEllipse = changing(
  {
    name: 'selectEllipse',
    about: 'Selects an ellipse around the point x, y.',
    args: { x: coordinate, y: coordinate, rx: length, ry: length, ...how },
  },
  (picture, { x, y, rx, ry, ...more }) =>
    selectShape(picture, `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="#fff"/>`, more),
)

export const selectPolygon = changing(
  { name: 'selectPolygon', about: 'Selects a closed shape.', args: { points: pointsArgument, ...how } },
  (picture, { points, ...more }) =>
    selectShape(picture, `<polygon points="${pointList(points)}" fill="#fff"/>`, more),
)

export const selectColor = changing(
  {
    name: 'selectColor',
    about: 'Selects pixels of a colour and near to it, by the first frame.',
    args: { color: colorArgument, tolerance: z.int().min(0).max(255).default(32), ...how },
  },
  async (picture, { color, tolerance, mode, feather }) => {
    const { r, g, b } = colorOf(color)
    const [frame] = await framesOf(picture)
    return select(picture, await feathered(maskOfColor(frame!, [r, g, b], tolerance), feather), mode)
  },
)

export const selectMask = changing(
  {
    name: 'selectMask',
    about: 'Selects by the brightness of another Media: white is selected, black is not.',
    args: { source: mediaArgument, ...how },
  },
  async (picture, { source, mode, feather }, job) => {
    const [frame] = await framesOf(job.picture(source.$media))
    return select(picture, await feathered(await maskOfFrame(frame!, picture), feather), mode)
  },
)

export const invertSelection = changing(
  { name: 'invertSelection', about: 'Selects what was not selected.', args: {} },
  (picture) => {
    const { data, width, height } = selectionOf(picture, 'Media.invertSelection')
    return { ...picture, selection: { data: data.map((part) => 255 - part) as Buffer, width, height } }
  },
)

export const selectNone = changing(
  { name: 'selectNone', about: 'Ends the selection: all pixels are changed again.', args: {} },
  (picture) => ({ ...picture, selection: undefined }),
)

export const applyMask = changing(
  {
    name: 'applyMask',
    about: 'Makes transparent what is not selected, and ends the selection.',
    args: {},
  },
  async (picture) => {
    const mask = selectionOf(picture, 'Media.applyMask')
    const frames = (await framesOf(picture)).map((frame) => {
      const data = Buffer.from(frame.data)
      for (let i = 3, p = 0; i < data.length; i += 4, p++)
        data[i] = Math.round((data[i]! * mask.data[p]!) / 255)
      return { ...frame, data }
    })
    return { ...picture, frames, layers: [], selection: undefined }
  },
)
