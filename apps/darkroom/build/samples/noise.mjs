/** A number between 0 and 1 for a point of the grid, always the same. */
export function hash(x, y, seed = 0) {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2246822519)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}

const smooth = (t) => t * t * (3 - 2 * t)
export const mix = (a, b, t) => a + (b - a) * t
export const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value))
export const step = (low, high, value) => smooth(clamp((value - low) / (high - low)))

/** Smooth noise between 0 and 1. */
export function noise(x, y, seed) {
  const [i, j] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [smooth(x - i), smooth(y - j)]
  const top = mix(hash(i, j, seed), hash(i + 1, j, seed), u)
  return mix(top, mix(hash(i, j + 1, seed), hash(i + 1, j + 1, seed), u), v)
}

/** Noise of several sizes on top of each other, between 0 and 1. */
export function clouds(x, y, seed, octaves = 5) {
  let sum = 0
  let weight = 0
  for (let i = 0, size = 1; i < octaves; i++, size /= 2) {
    sum += size * noise(x / size, y / size, seed + i)
    weight += size
  }
  return sum / weight
}

export const mixColor = (a, b, t) => a.map((value, c) => mix(value, b[c], t))

/** Pixels of `color(x, y)`, which gives red, green and blue between 0 and 1. */
export function paint(width, height, color) {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const rgb = color(x, y)
      for (let c = 0; c < 3; c++) {
        const grain = (hash(x, y, 900 + c) - 0.5) * 1.5
        data[(y * width + x) * 3 + c] = clamp(rgb[c] * 255 + grain, 0, 255)
      }
    }
  }
  return { data, width, height }
}
