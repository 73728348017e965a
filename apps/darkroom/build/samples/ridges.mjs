import { clamp, clouds, hash, mix, mixColor, noise, paint, step } from './noise.mjs'

const width = 1600
const height = 1067
const shore = 760
const sun = { x: 1090, y: 402 }

const night = [0.13, 0.2, 0.38]
const rose = [0.93, 0.6, 0.52]
const gold = [1, 0.85, 0.58]
const mist = [0.86, 0.72, 0.68]

function sky(x, y) {
  const base = y < 300 ? mixColor(night, rose, step(-120, 330, y)) : mixColor(rose, gold, step(280, 620, y))
  const distance = Math.hypot(x - sun.x, (y - sun.y) * 1.05)
  const bands = clouds(x / 420, y / 62, 3, 6)
  const lit = mixColor([0.62, 0.45, 0.55], [1, 0.83, 0.66], step(620, 60, distance))
  const covered = mixColor(base, lit, 0.75 * step(0.5, 0.74, bands) * step(520, 140, y))
  const glow = 0.55 * Math.exp(-distance / 260) + 0.35 * Math.exp(-distance / 70)
  const disc = step(46, 42, distance)
  return mixColor(
    covered.map((value, c) => value + glow * [1, 0.75, 0.45][c]),
    [1, 0.97, 0.86],
    disc,
  )
}

/** Chains of hills from far to near: how high they rise, how rough they are, and their colours. */
const chains = [
  { base: 560, rise: 170, size: 430, seed: 11, color: [0.66, 0.55, 0.63] },
  { base: 600, rise: 190, size: 330, seed: 23, color: [0.5, 0.43, 0.55] },
  { base: 660, rise: 200, size: 300, seed: 37, color: [0.33, 0.32, 0.45] },
  { base: 720, rise: 170, size: 380, seed: 51, color: [0.19, 0.23, 0.33] },
].map((chain) => ({
  ...chain,
  top: Float64Array.from({ length: width }, (_, x) => {
    const ridge = 1 - Math.abs(2 * clouds(x / chain.size, chain.seed, chain.seed, 7) - 1)
    return chain.base - chain.rise * (ridge - 0.45) * 1.6
  }),
}))

/** The outline of firs on the near bank, by the column. */
const firs = Float64Array.from({ length: width }, () => 2000)
for (let i = 0; i < 190; i++) {
  const at = Math.floor(hash(i, 1, 77) * width)
  const density = noise(at / 170, 4, 88)
  const tall = (34 + 92 * hash(i, 2, 77)) * (0.35 + density)
  const foot = shore + 6
  for (let y = foot - tall; y < foot; y++) {
    const part = (y - (foot - tall)) / tall
    const reach = tall * 0.19 * (0.78 * part + 0.22 * ((part * 6) % 1))
    for (let x = Math.max(0, Math.ceil(at - reach)); x <= Math.min(width - 1, at + reach); x++)
      firs[x] = Math.min(firs[x], y)
  }
}

function land(x, y) {
  let color = sky(x, y)
  for (const { top, base, color: own, seed } of chains) {
    if (y < top[x]) continue
    const relief = clouds(x / 90 + y / 120, y / 55 - x / 200, seed + 5, 5)
    const light = 0.78 + 0.42 * relief
    const depth = step(top[x], base + 150, y)
    color = mixColor(
      own.map((value) => value * light),
      mist,
      0.72 * depth,
    )
  }
  if (y >= firs[x]) {
    const needles = 0.85 + 0.5 * hash(x >> 1, y >> 1, 5)
    color = mixColor(
      [0.055, 0.09, 0.11].map((value) => value * needles),
      mist,
      0.22 * step(shore - 40, shore + 10, y),
    )
  }
  return color
}

function lake(x, y) {
  const depth = (y - shore) / (height - shore)
  const wave = (clouds(x / (70 + 90 * depth), y / (3 + 9 * depth), 61, 4) - 0.5) * (6 + 60 * depth)
  const mirrored = land(
    clamp(Math.round(x + wave), 0, width - 1),
    clamp(2 * shore - y - Math.abs(wave) * 0.4, 0, shore),
  )
  const sparkle =
    step(0.66, 0.82, noise(x / 9, y / 2.2, 71)) * step(260, 0, Math.abs(x - sun.x)) * (1 - 0.6 * depth)
  const deep = mixColor(mirrored, [0.12, 0.17, 0.27], mix(0.22, 0.62, depth))
  return deep.map((value, c) => value + sparkle * [0.5, 0.36, 0.2][c])
}

/** Hills at a lake in the morning. */
export const ridges = () => paint(width, height, (x, y) => (y < shore ? land(x, y) : lake(x, y)))
