import { isLibraryMode, libraryModes, type MixColor, type OwnMode, ownModes } from './blend-modes.js'
import type { Frame, Layer } from './picture.js'
import { frameOf, pipeline } from './pixels.js'

/** The frame with its alpha multiplied by `opacity` of 255. */
export function withOpacity(frame: Frame, opacity: number): Frame {
  if (opacity === 255) return frame
  const data = Buffer.from(frame.data)
  for (let i = 3; i < data.length; i += 4) data[i] = Math.round((data[i]! * opacity) / 255)
  return { ...frame, data }
}

type Overlap = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The part of `base` that `above` covers when its corner lies at x and y. */
function overlapOf(base: Frame, above: Frame, x: number, y: number): Overlap | undefined {
  const left = Math.max(0, x)
  const top = Math.max(0, y)
  const right = Math.min(base.width, x + above.width)
  const bottom = Math.min(base.height, y + above.height)
  return left < right && top < bottom ? { left, top, right, bottom } : undefined
}

/**
 * Lays pixels with alpha over others in a mode of our own: the mixed colour counts as far as both are opaque. Source of
 * the formula: https://www.w3.org/TR/compositing-1/#generalformula
 */
function mixOver(base: Frame, above: Frame, x: number, y: number, part: Overlap, mix: MixColor): Frame {
  const data = Buffer.from(base.data)
  const out = new Float64Array(3)
  for (let row = part.top; row < part.bottom; row++) {
    for (let column = part.left; column < part.right; column++) {
      const i = (row * base.width + column) * 4
      const j = ((row - y) * above.width + column - x) * 4
      const under = data[i + 3]! / 255
      const over = above.data[j + 3]! / 255
      if (over === 0) continue
      mix(out, base.data, i, above.data, j)
      const alpha = over + under * (1 - over)
      for (let c = 0; c < 3; c++) {
        const source = (1 - under) * above.data[j + c]! + under * out[c]!
        data[i + c] = Math.round((over * source + (1 - over) * under * base.data[i + c]!) / alpha)
      }
      data[i + 3] = Math.round(alpha * 255)
    }
  }
  return { ...base, data }
}

/** One frame laid over another; what hangs over the edges is cut. */
export async function lay(base: Frame, layer: Layer): Promise<Frame> {
  const { x, y, blend } = layer
  const above = withOpacity(layer.frame, layer.opacity)
  const part = overlapOf(base, above, x, y)
  if (!layer.visible || part === undefined) return base
  if (!isLibraryMode(blend)) return mixOver(base, above, x, y, part, ownModes[blend satisfies OwnMode])
  const covering = await frameOf(
    pipeline(above).extract({
      left: part.left - x,
      top: part.top - y,
      width: part.right - part.left,
      height: part.bottom - part.top,
    }),
  )
  const { data: input, width, height } = covering
  return frameOf(
    pipeline(base).composite([
      {
        input,
        raw: { width, height, channels: 4 },
        left: part.left,
        top: part.top,
        blend: libraryModes[blend],
      },
    ]),
  )
}

/** Lays the layers over a frame, the lowest first. */
export async function layAll(base: Frame, layers: readonly Layer[]): Promise<Frame> {
  let frame = base
  for (const layer of layers) frame = await lay(frame, layer)
  return frame
}
