import type { Settled } from '@banyan/region/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, Landmark } from 'lucide-react'
import { askRegion } from '../../data/compute/ask.js'
import { computeKey } from '../../data/compute/queries.js'
import { ErrorNote } from '../../errors/error-note.js'
import { countText } from '../../format/amount.js'
import { priceText } from '../../format/price.js'
import { spanText } from '../../format/time.js'

type SettleButtonProps = {
  /** What the reader owes and no invoice holds, micro-units. */
  readonly unsettled: bigint
  readonly currency: string
  /** Who settles. */
  readonly operator: string
}

/** Settles all charges now, as the operator of the region would at the end of the day. */
export function SettleButton({ unsettled, currency, operator }: SettleButtonProps) {
  const queries = useQueryClient()
  const settling = useMutation({
    mutationFn: () => askRegion<Settled>('settle', { as: 'operator', method: 'POST' }),
    onSettled: () => queries.invalidateQueries({ queryKey: computeKey }),
  })
  return (
    <>
      <div className="actions">
        <button
          type="button"
          className="button is-primary"
          disabled={settling.isPending || unsettled === 0n}
          onClick={() => settling.mutate()}
        >
          <Landmark size={18} aria-hidden="true" />
          {settling.isPending ? 'Collecting and paying…' : 'Settle now'}
        </button>
        <span className="is-quiet">
          {unsettled === 0n
            ? 'All charges are invoiced.'
            : `${priceText(unsettled, currency)} wait. On this network you may act for ${operator}, the operator.`}
        </span>
      </div>
      {settling.error !== null && <ErrorNote error={settling.error} what="The charges were not settled" />}
      {settling.data !== undefined && <SettledNote settled={settling.data} />}
    </>
  )
}

function SettledNote({ settled: { rows, transfers, totalMs } }: { readonly settled: Settled }) {
  return (
    <div className="note is-done" role="status">
      <p className="note-title is-pine">
        <Check size={18} strokeWidth={2.5} aria-hidden="true" />
        Settled {countText(rows)} {rows === 1 ? 'charge' : 'charges'} by {countText(transfers)}{' '}
        {transfers === 1 ? 'transaction' : 'transactions'} in {spanText(totalMs)}.
      </p>
      <p>
        The customers have paid, and miners, developer and operator have got their shares. All of it is final.
      </p>
    </div>
  )
}
