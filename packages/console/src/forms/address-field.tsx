import { useContext, useId } from 'react'
import { KnownNamesContext } from '../names/known-names.js'
import { Address } from '../parts/address.js'
import { Field } from './field.js'
import type { ReadAddress } from './read-address.js'

type AddressFieldProps = {
  readonly label: string
  readonly text: string
  readonly read: ReadAddress
  readonly onText: (text: string) => void
  /** Whether to say what is wrong already. */
  readonly strict: boolean
}

/** A field for somebody: by name or by address, with who that is below it. */
export function AddressField({ label, text, read, onText, strict }: AddressFieldProps) {
  const list = useId()
  const names = useContext(KnownNamesContext)
  return (
    <>
      <Field
        label={label}
        value={text}
        onChange={(event) => onText(event.target.value)}
        list={list}
        placeholder="Name or address"
        spellCheck={false}
        hint={read.kind === 'address' ? <Address value={read.address} bare /> : undefined}
        wrong={strict && read.kind === 'wrong' ? read.reason : undefined}
      />
      <datalist id={list}>
        {[...names].map(([address, name]) => (
          <option key={address} value={name} />
        ))}
      </datalist>
    </>
  )
}
