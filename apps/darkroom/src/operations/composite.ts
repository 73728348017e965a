import { z } from 'zod'
import { blendModes } from '../picture/blend-modes.js'
import { lay } from '../picture/compose.js'
import { framesOf } from '../picture/decode.js'
import { changePixels } from '../picture/selection.js'
import { changing, mediaArgument, placeArgument } from './operation.js'

const handles = ['topleft', 'center', 'bottomright', 'topright', 'bottomleft'] as const
type Handle = (typeof handles)[number]

/** Where the corner of a picture lies that is held at `handle`, `at` pixels from there or in the middle. */
function corner(handle: Handle, isAcross: boolean, whole: number, part: number, at: number): number {
  if (handle === 'center') return Math.floor((whole - part) / 2) + at
  const isFar = isAcross ? handle.endsWith('right') : handle.startsWith('bottom')
  return isFar ? whole - part - at : at
}

export const composite = changing(
  {
    name: 'composite',
    about: 'Lays another Media over this one, in one of the blend modes.',
    args: {
      source: mediaArgument,
      x: placeArgument.default(0),
      y: placeArgument.default(0),
      handle: z.enum(handles).default('topleft').describe('The corner that x and y are counted from.'),
      opacity: z.int().min(0).max(255).default(255),
      blend: z.enum(blendModes).default('normal'),
    },
  },
  async (picture, { source, x, y, handle, opacity, blend }, job) => {
    const above = job.picture(source.$media)
    const frames = await framesOf(above)
    let i = 0
    return changePixels(picture, (frame) => {
      const layer = {
        name: '',
        frame: frames[i++ % frames.length]!,
        x: corner(handle, true, picture.width, above.width, x),
        y: corner(handle, false, picture.height, above.height, y),
        opacity,
        blend,
        visible: true,
      }
      return lay(frame, layer)
    })
  },
)
