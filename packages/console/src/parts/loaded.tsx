import type { ReactNode } from 'react'
import { ErrorNote } from '../errors/error-note.js'
import { Ago } from './ago.js'
import { Skeleton } from './states.js'

/** What is used of a query of TanStack Query. */
export type QueryView<Data> = {
  readonly data: Data | undefined
  readonly error: unknown
  readonly dataUpdatedAt: number
  readonly refetch: () => unknown
}

type LoadedProps<Data> = {
  readonly query: QueryView<Data>
  /** What could not be shown if it fails. */
  readonly what: string
  readonly rows?: number
  readonly children: (data: Data) => ReactNode
}

/** Data once they are there. If fetching them again fails, the last ones stay, with their age. */
export function Loaded<Data>({ query, what, rows, children }: LoadedProps<Data>) {
  const { data, error, dataUpdatedAt, refetch } = query
  const isWrong = error !== null && error !== undefined
  if (data === undefined && !isWrong) return <Skeleton {...(rows !== undefined && { rows })} />
  return (
    <>
      {isWrong && (
        <ErrorNote
          error={error}
          what={what}
          action={
            <button type="button" className="button is-small" onClick={() => void refetch()}>
              Try again
            </button>
          }
        />
      )}
      {isWrong && data !== undefined && (
        <p className="is-quiet">
          As it was <Ago at={dataUpdatedAt} />:
        </p>
      )}
      {data !== undefined && children(data)}
    </>
  )
}
