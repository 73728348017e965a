import { banyanError } from '@banyan/base'
import sharp from 'sharp'
import { framesOf } from './decode.js'
import type { Frame, Mask, Picture } from './picture.js'
import { maskOf, maskPipeline, pipeline } from './pixels.js'

/** Pixels of `after` where all is selected, those of `before` where nothing is, and mixed between. */
export function mixBySelection(before: Frame, after: Frame, mask: Mask): Frame {
  const data = Buffer.from(before.data)
  for (let i = 0, p = 0; i < data.length; i += 4, p++) {
    const part = mask.data[p]!
    if (part === 0) continue
    for (let c = 0; c < 4; c++)
      data[i + c] = Math.round((after.data[i + c]! * part + before.data[i + c]! * (255 - part)) / 255)
  }
  return { ...before, data }
}

/** Changes the pixels of every frame, where they are selected. `change` keeps the size. */
export async function changePixels(
  picture: Picture,
  change: (frame: Frame) => Frame | Promise<Frame>,
): Promise<Picture> {
  const { selection } = picture
  const frames: Frame[] = []
  for (const frame of await framesOf(picture)) {
    const after = await change(frame)
    frames.push(selection === undefined ? after : mixBySelection(frame, after, selection))
  }
  return { ...picture, frames, layers: [] }
}

/** Changes the size or place of every frame; what was selected is no more. */
export async function changeShape(
  picture: Picture,
  change: (frame: Frame) => Frame | Promise<Frame>,
): Promise<Picture> {
  const frames: Frame[] = []
  for (const frame of await framesOf(picture)) frames.push(await change(frame))
  const { width, height } = frames[0]!
  return { ...picture, width, height, frames, layers: [], selection: undefined }
}

/** How a new selection joins the one before. */
export const combinations = ['replace', 'add', 'subtract', 'intersect'] as const
export type Combination = (typeof combinations)[number]

const joined: Readonly<Record<Combination, (old: number, own: number) => number>> = {
  replace: (_, own) => own,
  add: Math.max,
  subtract: (old, own) => Math.min(old, 255 - own),
  intersect: Math.min,
}

/** The picture with `mask` joined to its selection; without one before, nothing was selected. */
export function select(picture: Picture, mask: Mask, mode: Combination): Picture {
  const { selection } = picture
  const data = Buffer.from(mask.data)
  const join = joined[mode]
  for (let i = 0; i < data.length; i++) data[i] = join(selection?.data[i] ?? 0, data[i]!)
  return { ...picture, selection: { ...mask, data } }
}

/** Brightness of a drawing as a mask. */
export const maskOfDrawing = (svg: Buffer): Promise<Mask> =>
  maskOf(sharp(svg, { limitInputPixels: false }).flatten({ background: '#000' }))

/** Brightness of a frame as a mask of the size of `picture`; transparent counts as black. */
export function maskOfFrame(frame: Frame, { width, height }: Picture): Promise<Mask> {
  const image = pipeline(frame).flatten({ background: '#000' }).resize(width, height, { fit: 'fill' })
  return maskOf(image.greyscale())
}

/** Softens the edges of a selection over about `radius` pixels. */
export const feathered = (mask: Mask, radius: number): Promise<Mask> =>
  radius < 0.6 ? Promise.resolve(mask) : maskOf(maskPipeline(mask).blur(radius / 2))

/** Pixels whose colour is no farther than `tolerance` from another in each channel. */
export function maskOfColor(frame: Frame, color: readonly number[], tolerance: number): Mask {
  const { data, width, height } = frame
  const mask = Buffer.alloc(width * height)
  for (let i = 0, p = 0; p < mask.length; i += 4, p++) {
    const distance = Math.max(...color.map((value, c) => Math.abs(data[i + c]! - value)))
    if (distance <= tolerance) mask[p] = 255
  }
  return { data: mask, width, height }
}

/** The selection, or the error for operations that need one. */
export function selectionOf({ selection }: Picture, operation: string): Mask {
  if (selection === undefined)
    throw banyanError('OperationInvalid', { operation, reason: 'nothing is selected' })
  return selection
}
