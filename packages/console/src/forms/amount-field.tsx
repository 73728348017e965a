import type { ReactNode } from 'react'
import { Field } from './field.js'

type AmountFieldProps = {
  readonly label: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly wrong: string | undefined
  readonly hint?: ReactNode
  readonly placeholder?: string
  readonly beside?: ReactNode
}

/** A field for an amount. */
export function AmountField({ text, onText, ...field }: AmountFieldProps) {
  return (
    <Field
      {...field}
      className="input is-amount"
      inputMode="decimal"
      value={text}
      onChange={(event) => onText(event.target.value)}
    />
  )
}
