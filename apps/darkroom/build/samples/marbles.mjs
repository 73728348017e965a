import { clamp, clouds, hash, mixColor, paint, step } from './noise.mjs'

const width = 1200
const height = 800
const samples = 24

const add = (a, b, k = 1) => [a[0] + b[0] * k, a[1] + b[1] * k, a[2] + b[2] * k]
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const unit = (a) => add([0, 0, 0], a, 1 / Math.sqrt(dot(a, a)))
const reflect = (d, n) => add(d, n, -2 * dot(d, n))

const spheres = [
  { at: [-1.55, 1, 0.3], radius: 1, color: [0.93, 0.3, 0.18], kind: 'swirl' },
  { at: [0.55, 0.72, -0.75], radius: 0.72, color: [0.98, 0.99, 1], kind: 'glass' },
  { at: [1.55, 0.95, 1.05], radius: 0.95, color: [0.96, 0.78, 0.42], kind: 'metal' },
  { at: [-0.35, 0.42, -1.75], radius: 0.42, color: [0.12, 0.5, 0.5], kind: 'swirl' },
  { at: [1.75, 0.34, -1.5], radius: 0.34, color: [0.25, 0.32, 0.72], kind: 'swirl' },
  { at: [-2.15, 0.3, -1.35], radius: 0.3, color: [0.95, 0.75, 0.2], kind: 'metal' },
]
const sunward = unit([-0.55, 0.95, -0.65])

function hit(origin, direction) {
  let found
  for (const sphere of spheres) {
    const offset = add(origin, sphere.at, -1)
    const b = dot(offset, direction)
    const inside = b * b - dot(offset, offset) + sphere.radius ** 2
    if (inside < 0) continue
    const root = Math.sqrt(inside)
    const t = -b - root > 1e-3 ? -b - root : -b + root
    if (t > 1e-3 && (found === undefined || t < found.t)) found = { t, sphere }
  }
  const t = -origin[1] / direction[1]
  if (t > 1e-3 && (found === undefined || t < found.t)) found = { t, sphere: undefined }
  return found
}

function room(direction) {
  const up = 0.5 + 0.5 * direction[1]
  const base = mixColor([0.93, 0.87, 0.8], [0.42, 0.56, 0.75], clamp(up * 1.2 - 0.2))
  const [x, z] = [direction[0] / direction[1], direction[2] / direction[1]]
  const isWindow = direction[1] > 0.1 && Math.abs(x + 0.7) < 0.55 && Math.abs(z + 0.75) < 0.55
  const isBar = Math.abs(x + 0.7) < 0.03 || Math.abs(z + 0.75) < 0.03
  return isWindow && !isBar ? [3.2, 3.1, 2.9] : base
}

function wood([x, , z]) {
  const board = Math.floor(z / 0.9 + 40)
  const along = x + 7 * hash(board, 1)
  const rings = clouds(along * 0.7, z * 7 + board * 5, 9, 4) * 9
  const tone = mixColor([0.5, 0.3, 0.17], [0.72, 0.49, 0.3], 0.5 + 0.5 * Math.sin(rings * 2.4))
  const seam = step(0.006, 0.02, Math.abs(z / 0.9 + 40 - Math.round(z / 0.9 + 40)) * 0.9)
  const fine = 0.88 + 0.24 * clouds(along * 3, z * 80, 15, 2)
  return tone.map((value) => value * fine * (0.55 + 0.45 * seam) * (0.9 + 0.2 * hash(board, 3)))
}

function surface(sphere, normal) {
  if (sphere.kind !== 'swirl') return sphere.color
  const twist = clouds(normal[0] * 2.2 + normal[1] * 3, normal[2] * 2.2 - normal[1], sphere.radius * 90, 4)
  const band = step(0.42, 0.5, Math.abs(Math.sin(twist * 11)) * 0.9)
  return mixColor(sphere.color, [0.98, 0.95, 0.88], band)
}

function lit(point, normal, random) {
  const toward = unit(add(sunward, [random() - 0.5, random() - 0.5, random() - 0.5], 0.22))
  const blocker = hit(point, toward)
  const sun = blocker?.sphere === undefined ? Math.max(0, dot(normal, toward)) : 0
  // Light from all around reaches a point less where something is near.
  const scattered = unit(add(normal, [random() - 0.5, random() - 0.5, random() - 0.5], 1.9))
  const near = hit(point, scattered)
  const open = near === undefined || near.t > 1.6 ? 1 : 0.25 + 0.45 * (near.t / 1.6)
  return [1.5 * sun + 0.5 * open, 1.4 * sun + 0.52 * open, 1.22 * sun + 0.58 * open]
}

function refract(direction, normal) {
  const isIn = dot(direction, normal) < 0
  const n = isIn ? normal : add([0, 0, 0], normal, -1)
  const ratio = isIn ? 1 / 1.5 : 1.5
  const cosine = -dot(direction, n)
  const rest = 1 - ratio * ratio * (1 - cosine * cosine)
  if (rest < 0) return reflect(direction, n)
  return unit(add(add([0, 0, 0], direction, ratio), n, ratio * cosine - Math.sqrt(rest)))
}

function trace(origin, direction, depth, random) {
  const found = hit(origin, direction)
  if (found === undefined) return room(direction)
  const point = add(origin, direction, found.t)
  if (found.sphere === undefined) {
    const far = step(5, 16, Math.hypot(point[0], point[2]))
    const own = wood(point).map((value, c) => value * lit(add(point, [0, 1, 0], 1e-3), [0, 1, 0], random)[c])
    const gloss = 0.05 + 0.3 * (1 - Math.abs(direction[1])) ** 4
    const mirrored =
      depth > 0 ? trace(point, reflect(direction, [0, 1, 0]), depth - 1, random) : [0.5, 0.5, 0.5]
    return mixColor(
      mixColor(
        own,
        mirrored.map((v) => Math.min(v, 1.2)),
        gloss,
      ),
      room(direction),
      far,
    )
  }
  const { sphere } = found
  const normal = add([0, 0, 0], add(point, sphere.at, -1), 1 / sphere.radius)
  const edge = 0.04 + 0.96 * (1 - Math.abs(dot(direction, normal))) ** 5
  if (depth === 0) return sphere.color.map((value) => value * 0.6)
  const mirror = () => trace(point, unit(reflect(direction, normal)), depth - 1, random)
  if (sphere.kind === 'metal') return mirror().map((value, c) => value * sphere.color[c])
  if (sphere.kind === 'glass') {
    if (random() < edge) return mirror()
    return trace(point, refract(direction, normal), depth - 1, random).map(
      (value, c) => value * sphere.color[c],
    )
  }
  const color = surface(sphere, normal)
  const body = lit(add(point, normal, 1e-3), normal, random).map((value, c) => value * color[c])
  return mixColor(body, mirror(), edge * 0.9)
}

/** Marbles on a table beside a window, drawn by following light backwards. */
export function marbles() {
  const eye = [0.2, 2.35, -6.4]
  const forward = unit(add([0, 0.45, 0], eye, -1))
  const right = unit([forward[2], 0, -forward[0]])
  const up = [
    forward[1] * right[2] - forward[2] * right[1],
    forward[2] * right[0] - forward[0] * right[2],
    forward[0] * right[1] - forward[1] * right[0],
  ]
  return paint(width, height, (x, y) => {
    let count = 0
    const random = () => hash(x, y, 1000 + count++)
    let sum = [0, 0, 0]
    for (let i = 0; i < samples; i++) {
      const u = (x + random() - width / 2) / width
      const v = (height / 2 - y - random()) / width
      const direction = unit(add(add(forward, right, u * 0.86), up, v * 0.86))
      sum = add(
        sum,
        trace(eye, direction, 4, random).map((value) => Math.min(value, 4)),
      )
    }
    // Brightness to values of a screen.
    return sum.map((value) => clamp(1 - Math.exp((-1.35 * value) / samples)) ** (1 / 1.6))
  })
}
