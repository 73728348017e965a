import { type InputHTMLAttributes, type ReactNode, useId } from 'react'

type FieldProps = InputHTMLAttributes<HTMLInputElement> & {
  readonly label: string
  readonly hint?: ReactNode
  /** Why the value cannot be used. */
  readonly wrong?: string | undefined
  /** What stands beside the input, such as a unit. */
  readonly beside?: ReactNode
}

/** An input with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, wrong, beside, className = 'input', ...input }: FieldProps) {
  const id = useId()
  const notes = [hint !== undefined && `${id}-hint`, wrong !== undefined && `${id}-wrong`].filter(Boolean)
  const control = (
    <input
      {...input}
      id={id}
      className={className}
      aria-invalid={wrong !== undefined}
      aria-describedby={notes.length > 0 ? notes.join(' ') : undefined}
      autoComplete="off"
    />
  )
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {beside === undefined ? (
        control
      ) : (
        <div className="with-unit">
          {control}
          {beside}
        </div>
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong !== undefined && (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  )
}
