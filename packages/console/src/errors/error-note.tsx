import { BanyanError } from '@banyan/base'
import { tokenRefusal } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

type ErrorNoteProps = {
  readonly error: unknown
  /** What the reader wanted, such as "The payment was not sent". */
  readonly what?: string
  readonly action?: ReactNode
}

/** Why an error happens, from the registry, which is fetched for it. */
function useCause(error: unknown): string | undefined {
  const [cause, setCause] = useState<string>()
  const kind = error instanceof BanyanError ? error.kind : undefined
  useEffect(() => {
    if (kind === undefined) return
    let wanted = true
    import('./registry.js').then(
      ({ errorRegistry }) => wanted && setCause(errorRegistry[kind].cause),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [kind])
  return cause
}

/** A failure: what, why, what helps, its code, and its page. */
export function ErrorNote({ error: thrown, what, action }: ErrorNoteProps) {
  const error = tokenRefusal(thrown)
  const cause = useCause(error)
  const known = error instanceof BanyanError ? error : undefined
  const message = known?.message ?? (error instanceof Error ? error.message : String(error))
  return (
    <div className="note is-wrong" role="alert">
      <p className="note-title is-brick">
        <CircleAlert size={18} aria-hidden="true" />
        {what ?? message}
      </p>
      {what !== undefined && <p>{message}</p>}
      {cause !== undefined && <p>Why: {cause}</p>}
      {known !== undefined && <p>What helps: {known.fix}</p>}
      {action !== undefined && <div className="actions">{action}</div>}
      {known !== undefined ? (
        <p className="note-code">
          {known.code} ·{' '}
          <Link to="/docs/$" params={{ _splat: `errors/${known.number}` }}>
            Read about this error
          </Link>
        </p>
      ) : (
        <p className="note-code">This is a defect of the console itself; reloading the page may help.</p>
      )}
    </div>
  )
}
