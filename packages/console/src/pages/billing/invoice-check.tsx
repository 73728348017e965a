import type { Statement } from '@banyan/billing'
import { useMutation } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { ErrorNote } from '../../errors/error-note.js'
import { countText } from '../../format/amount.js'

/** Checks the whole invoice in the browser of the reader when they ask for it. */
export function InvoiceCheck({ statement }: { readonly statement: Statement | undefined }) {
  const checking = useMutation({
    mutationFn: async (given: Statement) =>
      (await import('../../data/compute/statement.js')).checkStatement(given),
  })
  if (checking.data !== undefined) {
    const { rows, transfers } = checking.data
    return (
      <div className="note is-done" role="status">
        <p className="note-title is-pine">
          <ShieldCheck size={18} aria-hidden="true" />
          Proven: {countText(rows)} {rows === 1 ? 'charge' : 'charges'}, no more and no fewer, make up this
          sum.
        </p>
        <p>
          {transfers.length === 0
            ? 'No transaction has paid it yet.'
            : 'The transaction that paid it carries the anchor, and is in a block that validators have signed.'}{' '}
          Your browser has added up and hashed every charge by itself.
        </p>
      </div>
    )
  }
  return (
    <>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={statement === undefined || checking.isPending}
          onClick={() => statement !== undefined && checking.mutate(statement)}
        >
          <ShieldCheck size={18} aria-hidden="true" />
          {checking.isPending ? 'Checking…' : 'Check the invoice in this browser'}
        </button>
      </div>
      {checking.error !== null && <ErrorNote error={checking.error} what="The invoice could not be proven" />}
    </>
  )
}
