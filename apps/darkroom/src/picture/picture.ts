import type { BlendMode } from './blend-modes.js'
import type { Metadata } from './metadata.js'

/** Pixels as red, green, blue and alpha of 8 bits each, alpha not multiplied in, in sRGB. */
export type Frame = { readonly data: Buffer; readonly width: number; readonly height: number }

/** How much of each pixel is selected, 0 to 255, of the size of a frame. */
export type Mask = { readonly data: Buffer; readonly width: number; readonly height: number }

export type Region = {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A change of size: pixels, and how they follow. */
export type Resize = {
  readonly width: number
  readonly height: number
  readonly fit: 'fill' | 'cover' | 'contain'
  readonly kernel: 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'
  /** CSS colour around the picture where `contain` leaves room. */
  readonly background: string
}

/** A file that was not decoded yet: decoders make small pictures of large files much faster than a later resize. */
export type Undecoded = {
  readonly path: string
  readonly format: string
  readonly firstPage: number
  readonly pages: number
  /** Dots per inch of vector formats. */
  readonly density: number
  readonly resize: Resize | undefined
}

export type Layer = {
  readonly name: string
  readonly frame: Frame
  readonly x: number
  readonly y: number
  /** 0 to 255. */
  readonly opacity: number
  readonly blend: BlendMode
  readonly visible: boolean
}

/** What a Media of a script holds. */
export type Picture = {
  readonly width: number
  readonly height: number
  readonly frames: readonly Frame[] | Undecoded
  readonly format: string
  /** Milliseconds of each frame; one entry without animation. */
  readonly delays: readonly number[]
  /** How often an animation runs; 0 is for ever. */
  readonly loop: number
  /** From the lowest to the highest, above the frames. */
  readonly layers: readonly Layer[]
  readonly selection: Mask | undefined
  readonly metadata: Metadata
}

/** A picture of decoded frames, without layers and selection. */
export function pictureOf(frames: readonly Frame[], delays: readonly number[] = [0]): Picture {
  const { width, height } = frames[0]!
  return {
    width,
    height,
    frames,
    format: 'canvas',
    delays,
    loop: 0,
    layers: [],
    selection: undefined,
    metadata: { exif: {}, iptc: {}, xmp: '' },
  }
}

export const isDecoded = (frames: Picture['frames']): frames is readonly Frame[] => Array.isArray(frames)

export const pixelsOf = ({ width, height, delays, layers, selection }: Picture): number =>
  width * height * (delays.length + (selection === undefined ? 0 : 1)) +
  layers.reduce((sum, { frame }) => sum + frame.width * frame.height, 0)
