import { Check, Clock, X } from 'lucide-react'
import type { ReactNode } from 'react'

const marks = {
  done: ['is-pine', Check],
  waiting: ['is-ochre', Clock],
  failed: ['is-brick', X],
} as const

/** A state in word, shape and colour. */
export function StateMark({
  kind,
  children,
}: {
  readonly kind: keyof typeof marks
  readonly children: ReactNode
}) {
  const [tone, Mark] = marks[kind]
  return (
    <span className={`state ${tone}`}>
      <Mark size={14} strokeWidth={2.5} aria-hidden="true" />
      {children}
    </span>
  )
}

/** Says that nothing is here yet, and what one can do about it. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  )
}

/** Stands where data will be, on the first visit only. */
export function Skeleton({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <i key={row} />
      ))}
    </div>
  )
}
