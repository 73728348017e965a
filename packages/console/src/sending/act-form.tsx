import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ProgressNote } from './progress-note.js'
import type { SendingState } from './use-sending.js'

/** Whether a form can be changed and sent: not while something is on its way, nor after it has arrived. */
export function isOpen({ phase }: SendingState): boolean {
  return phase === 'idle' || phase === 'failed'
}

type ActFormProps = {
  readonly state: SendingState
  readonly onSubmit: () => void
  /** What the button says, such as "Pay 2.5 FIG". */
  readonly submit: string
  readonly cancelTo: '/wallet' | '/tokens'
  /** What did not happen if it fails, and what has happened when it is final. */
  readonly failure: string
  readonly done: ReactNode
  readonly again: string
  readonly onAgain: () => void
  /** Fields, and what is confirmed. */
  readonly children: ReactNode
}

/** A form that does one thing on the chain: what to do, then how far it is, then what came of it. */
export function ActForm({ state, onSubmit, submit, cancelTo, children, ...progress }: ActFormProps) {
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isOpen(state)) onSubmit()
      }}
    >
      {isOpen(state) && children}
      <ProgressNote state={state} {...progress} />
      {isOpen(state) && (
        <div className="actions">
          <button type="submit" className="button is-primary">
            {submit}
          </button>
          <Link to={cancelTo} className="button">
            Cancel
          </Link>
        </div>
      )}
    </form>
  )
}

/** What the reader is about to confirm, in sentences. */
export function Confirmation({ children }: { readonly children: ReactNode }) {
  return (
    <section className="note" aria-label="What you confirm">
      {children}
    </section>
  )
}
