import { fail } from '@banyan/base'
import { z } from 'zod'
import { blendModes } from '../picture/blend-modes.js'
import { framesOf } from '../picture/decode.js'
import type { Picture } from '../picture/picture.js'
import { changing, mediaArgument, placeArgument, telling } from './operation.js'

const maxLayers = 100
const settings = {
  x: placeArgument.optional(),
  y: placeArgument.optional(),
  opacity: z.int().min(0).max(255).optional(),
  blend: z.enum(blendModes).optional(),
  visible: z.boolean().optional(),
}
const which = z
  .union([z.int().min(0).max(99), z.string().max(100)])
  .describe('Its number from 0, or its name.')

function indexOf({ layers }: Picture, layer: number | string, operation: string): number {
  const index = typeof layer === 'number' ? layer : layers.findIndex(({ name }) => name === layer)
  if (layers[index] === undefined)
    fail('OperationInvalid', { operation, reason: `there is no layer ${layer}` })
  return index
}

/** Only what was given. */
const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]: Exclude<Fields[Key], undefined>
  }

export const addLayer = changing(
  {
    name: 'addLayer',
    about: 'Puts another Media on top as a layer, which can be changed until the picture is collapsed.',
    args: { source: mediaArgument, name: z.string().max(100).default(''), ...settings },
  },
  async (picture, { source, name, ...more }, job) => {
    if (picture.layers.length >= maxLayers)
      fail('OperationInvalid', { operation: 'Media.addLayer', reason: `${maxLayers} layers are the limit` })
    const [frame] = await framesOf(job.picture(source.$media))
    const plain = { x: 0, y: 0, opacity: 255, blend: 'normal', visible: true } as const
    return { ...picture, layers: [...picture.layers, { ...plain, ...given(more), name, frame: frame! }] }
  },
)

export const setLayer = changing(
  {
    name: 'setLayer',
    about: 'Moves a layer or changes its opacity, blend mode or visibility.',
    args: { layer: which, ...settings },
  },
  (picture, { layer, ...more }) => {
    const index = indexOf(picture, layer, 'Media.setLayer')
    const changed = { ...picture.layers[index]!, ...given(more) }
    return { ...picture, layers: picture.layers.with(index, changed) }
  },
)

export const removeLayer = changing(
  { name: 'removeLayer', about: 'Takes a layer away.', args: { layer: which } },
  (picture, { layer }) => ({
    ...picture,
    layers: picture.layers.toSpliced(indexOf(picture, layer, 'Media.removeLayer'), 1),
  }),
)

export const collapse = changing(
  {
    name: 'collapse',
    about: 'Makes one picture of all layers. Operations on pixels do this by themselves.',
    args: {},
  },
  async (picture) => ({ ...picture, frames: await framesOf(picture), layers: [] }),
)

export const layers = telling(
  { name: 'layers', about: 'Tells name, place, opacity, blend mode and visibility of each layer.', args: {} },
  (picture) =>
    picture.layers.map(({ frame, ...layer }) => ({ ...layer, width: frame.width, height: frame.height })),
)
