import { Link } from '@tanstack/react-router'
import { Check, Clock } from 'lucide-react'
import type { ReactNode } from 'react'
import { ErrorNote } from '../errors/error-note.js'
import { phaseTexts, type SendingState } from './use-sending.js'

type ProgressNoteProps = {
  readonly state: SendingState
  /** What did not happen if it fails. */
  readonly failure: string
  /** What has happened when it is final. */
  readonly done: ReactNode
  readonly again: string
  readonly onAgain: () => void
}

/** How far something that was sent is; in the end what came of it. */
export function ProgressNote({ state, failure, done, again, onAgain }: ProgressNoteProps) {
  if (state.phase === 'idle') return null
  if (state.phase === 'failed') return <ErrorNote error={state.error} what={failure} />
  const isFinal = state.phase === 'final'
  const Mark = isFinal ? Check : Clock
  return (
    <div className={isFinal ? 'note is-done' : 'note is-waiting'} role="status">
      <p className={isFinal ? 'note-title is-pine' : 'note-title is-ochre'}>
        <Mark size={18} strokeWidth={2.5} aria-hidden="true" />
        {phaseTexts[state.phase]}
      </p>
      {isFinal && (
        <>
          <p>{done}</p>
          <div className="actions">
            <Link to="/explorer/tx/$id" params={{ id: state.id }} className="button is-small">
              See it in the explorer
            </Link>
            <button type="button" className="button is-small" onClick={onAgain}>
              {again}
            </button>
          </div>
        </>
      )}
    </div>
  )
}
