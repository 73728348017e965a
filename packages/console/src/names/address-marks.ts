import { aliasWords } from './words.js'

/**
 * Marks by which people tell addresses apart: words and a picture, made of other bytes than the ends that are shown beside
 * them. Whoever wants an address that looks like another one has to match all of them.
 */

const wordsFrom = 5
const pictureFrom = 9

function byteAt(address: string, index: number): number {
  return Number.parseInt(address.slice(2 + 2 * index, 4 + 2 * index), 16)
}

/** Three words for an address in hexadecimal form. */
export function aliasOf(address: string): string {
  return aliasWords.map((words, place) => words[byteAt(address, wordsFrom + place) & 127]).join(' ')
}

/** Kinds of cuts in a cell of the picture: none, half, quarter round, bar. */
export type Cut = 0 | 1 | 2 | 3

export type Picture = {
  /** Index of the pair of tones. */
  readonly tone: number
  /** Cells of the left half, two columns by four rows; the right half mirrors them. */
  readonly cells: readonly { readonly cut: Cut; readonly turn: 0 | 1 | 2 | 3 }[]
}

export const toneCount = 6

/** The picture of an address: a small woodcut, the same on both sides as leaves are. */
export function pictureOf(address: string): Picture {
  const cells = Array.from({ length: 8 }, (_, index) => {
    const byte = byteAt(address, pictureFrom + (index >> 1))
    const bits = index % 2 === 0 ? byte & 15 : byte >> 4
    return { cut: (bits & 3) as Cut, turn: (bits >> 2) as 0 | 1 | 2 | 3 }
  })
  return { tone: byteAt(address, pictureFrom + 4) % toneCount, cells }
}

/** First six and last four characters. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}
