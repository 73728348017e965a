import { BanyanError } from '@banyan/base'
import { Link } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { WithCode } from '../parts/with-code.js'
import type { Explained } from './explain.js'

type ErrorNoteProps = {
  readonly error: unknown
  /** What the reader wanted, such as "The payment was not sent". */
  readonly what?: string
  readonly action?: ReactNode
}

/** The error with its cause, once what explains it is loaded. */
function useExplained(thrown: unknown): Explained {
  const [explained, setExplained] = useState<Explained & { readonly of: unknown }>()
  useEffect(() => {
    let wanted = true
    import('./explain.js').then(
      ({ explain }) => wanted && setExplained({ ...explain(thrown), of: thrown }),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [thrown])
  return explained !== undefined && explained.of === thrown ? explained : { error: thrown, cause: undefined }
}

/** A failure: what, why, what helps, its code, and its page. */
export function ErrorNote({ error: thrown, what, action }: ErrorNoteProps) {
  const { error, cause } = useExplained(thrown)
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
      {known !== undefined && (
        <p>
          What helps: <WithCode text={known.fix} />
        </p>
      )}
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
