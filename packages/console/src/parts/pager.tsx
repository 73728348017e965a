import { Link } from '@tanstack/react-router'

type PagerProps = {
  /** Whether this is not the first page. */
  readonly isLater: boolean
  /** Cursor of the next page; nothing on the last. */
  readonly next: string | number | null
  /** What lies on the pages after this one. */
  readonly further: 'Older' | 'More'
}

/** Ways to the first and the next page of a list; the page is part of the address. */
export function Pager({ isLater, next, further }: PagerProps) {
  if (!isLater && next === null) return null
  return (
    <nav className="actions" aria-label="Pages of the list">
      {isLater && (
        <Link to="." search={{}} className="button is-small">
          {further === 'Older' ? 'Newest' : 'First'}
        </Link>
      )}
      {next !== null && (
        <Link to="." search={{ page: String(next) }} className="button is-small">
          {further}
        </Link>
      )}
    </nav>
  )
}
