import type { Earnings } from '@banyan/region/api'
import { DayBars } from '../../charts/day-bars.js'
import { countText } from '../../format/amount.js'
import { priceText } from '../../format/price.js'
import { Figures } from '../../parts/figures.js'
import { Loaded, type QueryView } from '../../parts/loaded.js'
import { Price } from '../../parts/price.js'

const shownDays = 14

/** What an account has earned: paid out, still to be paid, and by day. */
export function EarningsView({ query }: { readonly query: QueryView<Earnings> }) {
  return (
    <Loaded query={query} what="The earnings could not be read" rows={3}>
      {({ currency, open, settled, days }) => (
        <>
          <Figures
            figures={[
              {
                label: 'Earned, not paid yet',
                value: <Price micro={open} currency={currency} />,
                note: 'comes with the next settlement',
              },
              {
                label: 'Paid out',
                value: <Price micro={settled} currency={currency} />,
                note: 'final on the chain',
              },
            ]}
          />
          <DayBars
            title="Earned by day"
            now={priceText(BigInt(open) + BigInt(settled), currency)}
            note="Days of UTC"
            days={days.map(({ day, amount, count }) => ({
              day,
              value: Number(amount),
              text: `${priceText(BigInt(amount), currency)}, ${countText(count)} ${count === 1 ? 'request' : 'requests'}`,
            }))}
            span={shownDays}
            last={new Date().toISOString().slice(0, 10)}
            head="Earned"
            axisText={(value) => priceText(BigInt(Math.round(value)), currency)}
          />
        </>
      )}
    </Loaded>
  )
}
