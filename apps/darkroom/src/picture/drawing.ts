import { z } from 'zod'
import { colorArgument, colorOf, cssColor } from './color.js'
import type { Frame, Picture } from './picture.js'
import { decodeOwn } from './pixels.js'

/** A place that may lie between pixels and outside of the picture. */
export const coordinate = z.number().min(-60_000).max(60_000)

export const pointsArgument = z
  .array(z.tuple([coordinate, coordinate]))
  .min(2)
  .max(10_000)
  .meta({ title: 'a list of [x, y]' })

/** How drawn shapes look. */
export const styleArguments = {
  color: colorArgument.optional().describe('Of the line; none is drawn without.'),
  fillColor: colorArgument.optional().describe('Inside; nothing is filled without.'),
  lineWidth: z.number().min(0.1).max(1_000).default(1),
  smooth: z.boolean().default(true).describe('false: hard edges.'),
}

type Style = {
  readonly color?: string | undefined
  readonly fillColor?: string | undefined
  readonly lineWidth: number
  readonly smooth: boolean
}

const paint = (color: string | undefined) => (color === undefined ? 'none' : cssColor(colorOf(color)))

/** Attributes of an SVG element. */
export const styleOf = ({ color, fillColor, lineWidth, smooth }: Style): string =>
  `fill="${paint(fillColor)}" stroke="${paint(color)}" stroke-width="${lineWidth}" stroke-linejoin="round" ` +
  `stroke-linecap="round" shape-rendering="${smooth ? 'geometricPrecision' : 'crispEdges'}"`

type Size = Pick<Picture, 'width' | 'height'>

/** An SVG of the size of a picture. Its elements are made of numbers and checked colours alone. */
export const svgOf = ({ width, height }: Size, elements: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${elements}</svg>`)

export const draw = (size: Size, elements: string): Promise<Frame> =>
  decodeOwn(svgOf(size, elements), { density: 72 })

export const pointList = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `${x},${y}`).join(' ')
