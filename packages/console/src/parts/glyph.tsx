import { type Cut, pictureOf } from '../names/address-marks.js'

const tones = [
  ['var(--pine)', 'var(--pine-soft)'],
  ['var(--ochre)', 'var(--ochre-soft)'],
  ['var(--slate)', 'var(--slate-soft)'],
  ['var(--brick)', 'var(--brick-soft)'],
  ['var(--ink-2)', 'var(--sunk)'],
  ['var(--pine-soft)', 'var(--pine)'],
] as const

const cell = 5
const cuts: Record<Cut, string> = {
  0: '',
  1: 'M0 0H5V5Z',
  2: 'M0 0H5A5 5 0 0 1 0 5Z',
  3: 'M0 0H5V2.5H0Z',
}

/** The picture of an address. It says nothing that the text beside it does not say, so it is hidden from assistive tools. */
export function Glyph({ address, large = false }: { readonly address: string; readonly large?: boolean }) {
  const { tone, cells } = pictureOf(address)
  const [ink, ground] = tones[tone]!
  const half = cells.map(({ cut, turn }, index) => {
    const [x, y] = [(index & 1) * cell, (index >> 1) * cell]
    return `translate(${x} ${y}) rotate(${turn * 90} 2.5 2.5)|${cuts[cut]}`
  })
  const drawn = half.map((text) => {
    const [transform, path] = text.split('|')
    return path === '' ? null : <path key={transform} transform={transform} d={path} />
  })
  return (
    <svg className={large ? 'glyph is-large' : 'glyph'} viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" fill={ground} />
      <g fill={ink}>
        {drawn}
        <g transform="translate(20 0) scale(-1 1)">{drawn}</g>
      </g>
    </svg>
  )
}
