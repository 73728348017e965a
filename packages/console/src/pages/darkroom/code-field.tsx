import { type RefObject, useId, useRef } from 'react'

/** In a text, both from 1. */
export type Place = { readonly line: number; readonly column: number }

type CodeFieldProps = {
  readonly ref: RefObject<HTMLTextAreaElement | null>
  readonly label: string
  readonly text: string
  readonly onText: (text: string) => void
  /** Ctrl or Command with Enter. */
  readonly onRun: () => void
  readonly wrongAt: Place | undefined
}

/** A field for code, with numbers of lines; the line that is wrong is marked. */
export function CodeField({ ref, label, text, onText, onRun, wrongAt }: CodeFieldProps) {
  const id = useId()
  const numbers = useRef<HTMLDivElement>(null)
  const lines = text.split('\n').length
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="code-field">
        <div className="code-numbers" ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => index + 1).map((line) => (
            <span key={line} className={line === wrongAt?.line ? 'is-wrong' : undefined}>
              {line}
            </span>
          ))}
        </div>
        <textarea
          ref={ref}
          id={id}
          value={text}
          rows={18}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={wrongAt !== undefined}
          onChange={(event) => onText(event.target.value)}
          onScroll={(event) => {
            if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
            event.preventDefault()
            onRun()
          }}
        />
      </div>
    </div>
  )
}
