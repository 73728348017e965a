import { Link } from '@tanstack/react-router'
import { aliasOf, shortHex } from '../names/address-marks.js'
import { useKnownName } from '../names/known-names.js'
import { Glyph } from './glyph.js'

type AddressProps = {
  /** Hexadecimal form. */
  readonly value: string
  /** Without a link to its page, as inside other links and on the page itself. */
  readonly bare?: boolean
  /** Without first and last characters, where room is scarce. */
  readonly brief?: boolean
}

/** An address as people tell it apart: picture, name or alias, first and last characters. */
export function Address({ value, bare = false, brief = false }: AddressProps) {
  const name = useKnownName(value)
  const inside = (
    <>
      <Glyph address={value} />
      <span className="address-name">{name ?? aliasOf(value)}</span>
      {!brief && <span className="address-key">{shortHex(value)}</span>}
    </>
  )
  if (bare) {
    return (
      <span className="address" title={value}>
        {inside}
      </span>
    )
  }
  return (
    <Link to="/explorer/address/$address" params={{ address: value }} className="address" title={value}>
      {inside}
    </Link>
  )
}
