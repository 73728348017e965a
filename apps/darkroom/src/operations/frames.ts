import { fail } from '@banyan/base'
import { z } from 'zod'
import { framesOf } from '../picture/decode.js'
import { pictureOf } from '../picture/picture.js'
import { frameOf, pipeline } from '../picture/pixels.js'
import { changing, mediaArgument, telling } from './operation.js'

const delay = z.int().min(10).max(60_000)

export const addFrame = changing(
  {
    name: 'addFrame',
    about: 'Adds the picture of another Media as a frame of an animation; it takes the size of the first.',
    args: { source: mediaArgument, delay: delay.default(100).describe('Milliseconds.') },
  },
  async (picture, { source, delay }, job) => {
    const { width, height, delays } = picture
    if (delays.length >= job.limits.pages)
      fail('OperationInvalid', {
        operation: 'Media.addFrame',
        reason: `${job.limits.pages} frames are the limit`,
      })
    job.admit('The animation', width * height * (delays.length + 1))
    const [added] = await framesOf(job.picture(source.$media))
    const frame =
      added!.width === width && added!.height === height
        ? added!
        : await frameOf(pipeline(added!).resize(width, height, { fit: 'fill' }))
    return {
      ...picture,
      frames: [...(await framesOf(picture)), frame],
      layers: [],
      delays: [...delays, delay],
    }
  },
)

export const animate = changing(
  {
    name: 'animate',
    about: 'Sets how fast and how often an animation runs.',
    args: { delay: delay.optional(), loop: z.int().min(0).max(65_535).optional().describe('0: for ever.') },
  },
  (picture, { delay, loop }) => ({
    ...picture,
    delays: delay === undefined ? picture.delays : picture.delays.map(() => delay),
    loop: loop ?? picture.loop,
  }),
)

export const frame = telling(
  {
    name: 'frame',
    about: 'Makes a Media of one frame or page.',
    args: { index: z.int().min(1).describe('From 1.') },
  },
  async (picture, { index }, job) => {
    const frames = await framesOf(picture)
    const found = frames[index - 1]
    if (found === undefined)
      fail('OperationInvalid', { operation: 'Media.frame', reason: `there are ${frames.length} frames` })
    return job.make({ ...pictureOf([found]), metadata: picture.metadata })
  },
)

export const clone = telling(
  { name: 'clone', about: 'Makes another Media with the same picture.', args: {} },
  (picture, _, job) => job.make(picture),
)
