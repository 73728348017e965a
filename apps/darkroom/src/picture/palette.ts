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

/** A colour and its weight: the root of its pixels, so that a small bright thing keeps its colour beside a plain ground. */
type Share = { readonly color: Color; readonly weight: number }

/** How much worse a picture becomes when two of its colours become one, as Ward's method counts it (1963). */
const loss = (a: Share, b: Share) =>
  ((a.weight * b.weight) / (a.weight + b.weight)) *
  ((a.color.r - b.color.r) ** 2 + (a.color.g - b.color.g) ** 2 + (a.color.b - b.color.b) ** 2)

function merged(a: Share, b: Share): Share {
  const weight = a.weight + b.weight
  const mean = (channel: 'r' | 'g' | 'b') =>
    (a.color[channel] * a.weight + b.color[channel] * b.weight) / weight
  return { color: { r: mean('r'), g: mean('g'), b: mean('b'), alpha: 1 }, weight }
}

/** The two colours that are missed least if they become one. */
function leastPair(shares: readonly Share[]): readonly [number, number] {
  let pair: readonly [number, number] = [0, 1]
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < shares.length; i++) {
    for (let j = i + 1; j < shares.length; j++) {
      const lost = loss(shares[i]!, shares[j]!)
      if (lost < least) {
        least = lost
        pair = [i, j]
      }
    }
  }
  return pair
}

/** Each colour of a frame with the number of its pixels, in the order of their values. */
function sharesOf({ data }: Frame): readonly Share[] {
  const counts = new Map<number, number>()
  for (let i = 0; i < data.length; i += 4) {
    const key = data.readUIntBE(i, 3)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const colorOf = (key: number) => ({ r: key >> 16, g: (key >> 8) & 255, b: key & 255, alpha: 1 })
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([key, pixels]) => ({ color: colorOf(key), weight: Math.sqrt(pixels) }))
}

/** The `count` colours that stand best for those of a frame, which has no more than some hundreds. */
export function mostUseful(frame: Frame, count: number): readonly Color[] {
  let shares = sharesOf(frame)
  while (shares.length > count) {
    const [i, j] = leastPair(shares)
    shares = [...shares.filter((_, k) => k !== i && k !== j), merged(shares[i]!, shares[j]!)]
  }
  return shares.map(({ color: { r, g, b } }) => ({
    r: Math.round(r),
    g: Math.round(g),
    b: Math.round(b),
    alpha: 1,
  }))
}
