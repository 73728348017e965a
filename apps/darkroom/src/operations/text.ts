import { fail } from '@banyan/base'
import sharp from 'sharp'
import { z } from 'zod'
import { colorArgument, colorOf, cssColor } from '../picture/color.js'
import { lay } from '../picture/compose.js'
import { type Frame, pictureOf } from '../picture/picture.js'
import { frameOf } from '../picture/pixels.js'
import { changePixels } from '../picture/selection.js'
import { changing, placeArgument, plain, sideArgument } from './operation.js'

const faces = {
  sans: 'DejaVu Sans',
  condensed: 'DejaVu Sans Condensed',
  serif: 'DejaVu Serif',
  mono: 'DejaVu Sans Mono',
} as const

const textArguments = {
  text: z.string().min(1).max(10_000),
  font: z.enum(['sans', 'condensed', 'serif', 'mono']).default('sans'),
  style: z.enum(['plain', 'bold', 'italic', 'bold italic']).default('plain'),
  size: z.number().min(4).max(2_000).default(24).describe('Pixels.'),
  color: colorArgument.default('black'),
  wrap: sideArgument.optional().describe('Breaks lines at this width.'),
  align: z.enum(['left', 'center', 'right']).default('left'),
  leading: z.number().min(-500).max(500).default(0).describe('More pixels between lines.'),
}

type TextArguments = {
  readonly text: string
  readonly font: keyof typeof faces
  readonly style: string
  readonly size: number
  readonly color: string
  readonly wrap?: number | undefined
  readonly align: 'left' | 'center' | 'right'
  readonly leading: number
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\0/g, '')

/** Draws a text as large as its ink. At 72 dots per inch one point is one pixel. */
async function renderText(args: TextArguments, limit: number): Promise<Frame> {
  const { text, font, style, size, color, wrap, align, leading } = args
  // Before it is laid out: no letter is wider than its size by much.
  const pixels = Math.ceil(text.length * size * size)
  if (pixels > 3 * limit) fail('PictureTooLarge', { what: 'The text', pixels, limit })
  const tone = colorOf(color)
  const markup = `<span foreground="${cssColor(tone).slice(0, 7)}">${escaped(text)}</span>`
  const weight = style === 'plain' ? '' : ` ${style}`
  const frame = await frameOf(
    sharp({
      text: {
        text: markup,
        font: `${faces[font]}${weight} ${size}`,
        rgba: true,
        dpi: 72,
        align: align === 'center' ? 'centre' : align,
        spacing: leading,
        ...(wrap === undefined ? {} : { width: wrap }),
      },
      limitInputPixels: limit,
    }),
  )
  for (let i = 3; i < frame.data.length; i += 4) frame.data[i] = Math.round(frame.data[i]! * tone.alpha)
  return frame
}

/** A letter whose top is where lines begin. */
const tall = 'h'

/**
 * How far the ink of a text begins below the top of tall letters, so that texts with and without such letters stand on
 * one line. The library tells sizes of ink only: a line put before the text moves it down by the distance of lines.
 */
async function inkOffset(args: TextArguments, inkHeight: number, limit: number): Promise<number> {
  const heightOf = async (text: string) => (await renderText({ ...args, text }, limit)).height
  const distance = (await heightOf(`${tall}\n${tall}`)) - (await heightOf(tall))
  return (await heightOf(`${tall}\n${args.text}`)) - inkHeight - distance
}

export const makeText = plain(
  {
    name: 'makeText',
    on: 'Media',
    answers: false,
    about: 'Makes a picture of a text that is as large as its ink; the fonts are those of this service.',
    args: textArguments,
  },
  async (job, own, args) => {
    job.setPicture(own, pictureOf([await renderText(args, job.limits.pixels)]))
  },
)

export const text = changing(
  {
    name: 'text',
    about: 'Writes a text into the picture; y is where its tall letters begin.',
    args: {
      ...textArguments,
      x: placeArgument.default(0),
      y: placeArgument.default(0),
      anchor: z
        .enum(['left', 'center', 'right'])
        .default('left')
        .describe('Which part of the text lies at x: its left edge, its middle or its right edge.'),
    },
  },
  async (picture, { x, y, anchor, ...args }, job) => {
    const frame = await renderText(args, job.limits.pixels)
    const shift = { left: 0, center: Math.floor(frame.width / 2), right: frame.width }[anchor]
    const top = y + (await inkOffset(args, frame.height, job.limits.pixels))
    const layer = {
      name: '',
      frame,
      x: x - shift,
      y: top,
      opacity: 255,
      blend: 'normal',
      visible: true,
    } as const
    return changePixels(picture, (below) => lay(below, layer))
  },
)
