/** Modes that libvips has, by our names. */
export const libraryModes = {
  normal: 'over',
  add: 'add',
  multiply: 'multiply',
  screen: 'screen',
  overlay: 'overlay',
  darken: 'darken',
  lighten: 'lighten',
  'color-dodge': 'colour-dodge',
  'color-burn': 'colour-burn',
  'hard-light': 'hard-light',
  'soft-light': 'soft-light',
  difference: 'difference',
  exclusion: 'exclusion',
} as const

type Bytes = Uint8Array | Buffer
/** Writes the mixed colour of one pixel, `b` below and `s` above, to `out`; all 0 to 255. */
export type MixColor = (out: Float64Array, base: Bytes, i: number, source: Bytes, j: number) => void

const clamp = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value)

const perChannel =
  (mix: (b: number, s: number) => number): MixColor =>
  (out, base, i, source, j) => {
    for (let c = 0; c < 3; c++) out[c] = clamp(mix(base[i + c]!, source[j + c]!))
  }

const burn = (b: number, s: number) => (b >= 255 ? 255 : s <= 0 ? 0 : 255 - ((255 - b) * 255) / s)
const dodge = (b: number, s: number) => (b <= 0 ? 0 : s >= 255 ? 255 : (b * 255) / (255 - s))
const vivid = (b: number, s: number) => (s < 128 ? burn(b, 2 * s) : dodge(b, 2 * (s - 127.5)))
const pin = (b: number, s: number) => (s < 128 ? Math.min(b, 2 * s) : Math.max(b, 2 * (s - 127.5)))

/** Luminosity as the W3C's compositing specification weighs it: https://www.w3.org/TR/compositing-1/#blendingnonseparable */
const luminosity = (r: number, g: number, b: number) => 0.3 * r + 0.59 * g + 0.11 * b

/** Sets the luminosity of the colour in `out` and brings it back into range, keeping its hue. Same source. */
function setLuminosity(out: Float64Array, wanted: number): void {
  const shift = wanted - luminosity(out[0]!, out[1]!, out[2]!)
  for (let c = 0; c < 3; c++) out[c]! += shift
  const low = Math.min(out[0]!, out[1]!, out[2]!)
  const high = Math.max(out[0]!, out[1]!, out[2]!)
  for (let c = 0; c < 3; c++) {
    if (low < 0) out[c] = wanted + ((out[c]! - wanted) * wanted) / (wanted - low)
    if (high > 255) out[c] = wanted + ((out[c]! - wanted) * (255 - wanted)) / (high - wanted)
  }
}

/** Sets the spread between the largest and the smallest channel of `out`. Same source. */
function setSaturation(out: Float64Array, wanted: number): void {
  const low = Math.min(out[0]!, out[1]!, out[2]!)
  const spread = Math.max(out[0]!, out[1]!, out[2]!) - low
  for (let c = 0; c < 3; c++) out[c] = spread === 0 ? 0 : ((out[c]! - low) * wanted) / spread
}

const saturationAt = (bytes: Bytes, i: number) =>
  Math.max(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!) - Math.min(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!)
const luminosityAt = (bytes: Bytes, i: number) => luminosity(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!)

function take(out: Float64Array, bytes: Bytes, i: number): void {
  for (let c = 0; c < 3; c++) out[c] = bytes[i + c]!
}

/** Modes that libvips lacks. */
export const ownModes = {
  'linear-burn': perChannel((b, s) => b + s - 255),
  'linear-light': perChannel((b, s) => b + 2 * s - 255),
  'vivid-light': perChannel(vivid),
  'pin-light': perChannel(pin),
  'hard-mix': perChannel((b, s) => (b + s >= 255 ? 255 : 0)),
  subtract: perChannel((b, s) => b - s),
  divide: perChannel((b, s) => (s === 0 ? 255 : (b * 255) / s)),
  'darker-color': (out, base, i, source, j) => {
    if (luminosityAt(base, i) <= luminosityAt(source, j)) take(out, base, i)
    else take(out, source, j)
  },
  'lighter-color': (out, base, i, source, j) => {
    if (luminosityAt(base, i) >= luminosityAt(source, j)) take(out, base, i)
    else take(out, source, j)
  },
  hue: (out, base, i, source, j) => {
    take(out, source, j)
    setSaturation(out, saturationAt(base, i))
    setLuminosity(out, luminosityAt(base, i))
  },
  saturation: (out, base, i, source, j) => {
    take(out, base, i)
    setSaturation(out, saturationAt(source, j))
    setLuminosity(out, luminosityAt(base, i))
  },
  color: (out, base, i, source, j) => {
    take(out, source, j)
    setLuminosity(out, luminosityAt(base, i))
  },
  luminosity: (out, base, i, source, j) => {
    take(out, base, i)
    setLuminosity(out, luminosityAt(source, j))
  },
} satisfies Readonly<Record<string, MixColor>>

export type LibraryMode = keyof typeof libraryModes
export type OwnMode = keyof typeof ownModes
export type BlendMode = LibraryMode | OwnMode

export const isLibraryMode = (mode: BlendMode): mode is LibraryMode => mode in libraryModes

/** All modes, for the argument of operations. */
export const blendModes = [...Object.keys(libraryModes), ...Object.keys(ownModes)] as [
  BlendMode,
  ...BlendMode[],
]
