import type { Color } from './color.js'
import type { Frame } from './picture.js'

/** Palettes by name. */
export const palettes = {
  mono: ['#000000', '#ffffff'],
  gray4: ['#000000', '#555555', '#aaaaaa', '#ffffff'],
  primary: ['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#ff00ff'],
} as const

function nearest(palette: readonly Color[], r: number, g: number, b: number): Color {
  let best = palette[0]!
  let least = Number.POSITIVE_INFINITY
  for (const color of palette) {
    const distance = (color.r - r) ** 2 + (color.g - g) ** 2 + (color.b - b) ** 2
    if (distance < least) {
      least = distance
      best = color
    }
  }
  return best
}

/** Where the error of a pixel goes, in sixteenths: Floyd and Steinberg, 1976. */
const spread = [
  { dx: 1, dy: 0, part: 7 / 16 },
  { dx: -1, dy: 1, part: 3 / 16 },
  { dx: 0, dy: 1, part: 5 / 16 },
  { dx: 1, dy: 1, part: 1 / 16 },
]

/** Replaces each colour by the nearest of a palette and hands on `strength` (0 to 1) of the error. */
export function reduceTo(frame: Frame, palette: readonly Color[], strength: number): Frame {
  const { width, height } = frame
  const data = Buffer.from(frame.data)
  const wanted = Float64Array.from(frame.data)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4
      const color = nearest(palette, wanted[i]!, wanted[i + 1]!, wanted[i + 2]!)
      const chosen = [color.r, color.g, color.b]
      for (let c = 0; c < 3; c++) {
        data[i + c] = chosen[c]!
        const error = (wanted[i + c]! - chosen[c]!) * strength
        for (const { dx, dy, part } of spread) {
          if (x + dx >= 0 && x + dx < width && y + dy < height)
            wanted[i + c + (dy * width + dx) * 4]! += error * part
        }
      }
    }
  }
  return { ...frame, data }
}
