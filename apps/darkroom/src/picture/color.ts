import { z } from 'zod'

export type Color = { readonly r: number; readonly g: number; readonly b: number; readonly alpha: number }

const names: Readonly<Record<string, string>> = {
  transparent: '#00000000',
  black: '#000000',
  white: '#ffffff',
  gray: '#808080',
  silver: '#c0c0c0',
  red: '#ff0000',
  maroon: '#800000',
  orange: '#ffa500',
  gold: '#ffd700',
  yellow: '#ffff00',
  olive: '#808000',
  lime: '#00ff00',
  green: '#008000',
  teal: '#008080',
  aqua: '#00ffff',
  blue: '#0000ff',
  navy: '#000080',
  purple: '#800080',
  fuchsia: '#ff00ff',
  pink: '#ffc0cb',
  brown: '#a52a2a',
}

/** A colour as scripts write it: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, or one of the basic names. */
export function parseColor(text: string): Color | undefined {
  const hex = (names[text.trim().toLowerCase()] ?? text.trim()).toLowerCase()
  if (!/^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.test(hex)) return undefined
  const digits = hex.length <= 5 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1)
  const byte = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16)
  return { r: byte(0), g: byte(2), b: byte(4), alpha: digits.length === 8 ? byte(6) / 255 : 1 }
}

const hexByte = (value: number) => Math.round(value).toString(16).padStart(2, '0')

/** `#rrggbbaa`, which sharp and SVG understand. */
export const cssColor = ({ r, g, b, alpha }: Color): string =>
  `#${hexByte(r)}${hexByte(g)}${hexByte(b)}${hexByte(alpha * 255)}`

/** An argument that is a colour. */
export const colorArgument = z
  .string()
  .refine((text) => parseColor(text) !== undefined, {
    error: 'a colour is #rgb, #rrggbb, #rrggbbaa or a basic name',
  })
  .meta({ title: 'a colour' })

export const colorOf = (text: string): Color => parseColor(text)!
