import { clamp, clouds, hash, mixColor, paint, step } from './noise.mjs'

const side = 160
const radius = 62
const craters = Array.from({ length: 46 }, (_, i) => {
  const z = 2 * hash(i, 1, 5) - 1
  const angle = 2 * Math.PI * hash(i, 2, 5)
  const around = Math.sqrt(1 - z * z)
  return {
    at: [around * Math.cos(angle), z, around * Math.sin(angle)],
    size: 0.05 + 0.22 * hash(i, 3, 5) ** 3,
  }
})

function ground([x, y, z]) {
  let tone = 0.52 + 0.5 * clouds(x * 1.6 + 5, y * 1.6 + z * 1.3, 31, 6)
  tone -= 0.2 * step(0.52, 0.6, clouds(x * 1.1 + 9, y * 1.1 - z, 44, 3))
  for (const { at, size } of craters) {
    const distance = Math.hypot(x - at[0], y - at[1], z - at[2]) / size
    if (distance < 1.25) tone += distance < 0.85 ? -0.09 : 0.1
  }
  return tone
}

/** The moon in one phase, 0 to 1, before stars. */
export function moon(phase) {
  const angle = 2 * Math.PI * phase
  return paint(side, side, (px, py) => {
    const [x, y] = [(px + 0.5 - side / 2) / radius, (py + 0.5 - side / 2) / radius]
    const star = hash(px, py, 8) > 0.9975 ? hash(px, py, 9) : 0
    const background = [0.035 + star, 0.045 + star, 0.1 + star]
    const out = Math.hypot(x, y)
    if (out > 1.02) return background
    const z = Math.sqrt(Math.max(0, 1 - out * out))
    const light = clamp((x * Math.sin(angle) - z * Math.cos(angle)) * 1.25)
    const tone = ground([x, y, z]) * (0.05 + 0.95 * light)
    return mixColor([tone, tone * 0.97, tone * 0.9], background, step(0.985, 1.02, out))
  })
}

export const phases = 12
