import type { Spend } from '@banyan/region/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { askRegion, jsonBody } from '../../data/compute/ask.js'
import { workKey } from '../../data/compute/queries.js'
import { ErrorNote } from '../../errors/error-note.js'
import { priceText } from '../../format/price.js'
import { AmountField } from '../../forms/amount-field.js'
import { readAmount } from '../../forms/read-amount.js'

const microDecimals = 6

/** Sets what a month may cost, or lifts that bound. */
export function BudgetForm({ spend: { budget, currency } }: { readonly spend: Spend }) {
  const [text, setText] = useState('')
  const queries = useQueryClient()
  const setting = useMutation({
    mutationFn: (perMonth: string | null) => askRegion<Spend>('budget', jsonBody('PUT', { perMonth })),
    onSuccess: (spend) => {
      queries.setQueryData([...workKey, 'spend'], spend)
    },
  })
  const read = readAmount(text, microDecimals)
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (read.kind === 'amount') setting.mutate(String(read.amount))
      }}
    >
      <AmountField
        label={budget === null ? 'Set a budget for each month' : 'Change the budget'}
        text={text}
        onText={setText}
        wrong={read.kind === 'wrong' ? read.reason : undefined}
        placeholder={budget === null ? '5.00' : priceText(BigInt(budget.perMonth), '').trim()}
        beside={<span className="unit">{currency}</span>}
        hint="It stops spending: what would exceed it is refused before it runs. While a request runs, four times what such requests usually cost is held back."
      />
      <div className="actions">
        <button type="submit" className="button" disabled={read.kind !== 'amount' || setting.isPending}>
          Set the budget
        </button>
        {budget !== null && (
          <button
            type="button"
            className="button"
            disabled={setting.isPending}
            onClick={() => setting.mutate(null)}
          >
            Lift it
          </button>
        )}
      </div>
      {setting.error !== null && <ErrorNote error={setting.error} what="The budget was not changed" />}
    </form>
  )
}
