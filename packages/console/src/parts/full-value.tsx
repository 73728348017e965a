import { CopyButton } from './copy-button.js'

/** A hash or address in full, to read and to copy. */
export function FullValue({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <>
      <span className="full">{value}</span> <CopyButton value={value} what={what} />
    </>
  )
}
