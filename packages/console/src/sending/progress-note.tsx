import { Link } from '@tanstack/react-router'
import { Check, Clock } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
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

/** After this many ms it is not final as soon as it should be. */
const lateMs = 15_000

/** Tells, once it takes longer than it should, that nothing is lost, and where to look. */
function LateNote() {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), lateMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return null
  return (
    <p>
      It takes longer than usual, and may still become final: do not send it again.{' '}
      <Link to="/operations">See how the network does</Link>
    </p>
  )
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
      {state.phase === 'submitted' && <LateNote key={state.id} />}
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
