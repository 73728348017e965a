import type { ComputeStatus } from '@banyan/local/api'
import type { Period, Spend } from '@banyan/region/api'
import { Link } from '@tanstack/react-router'
import { DayBars } from '../../charts/day-bars.js'
import { usePeriods, useSpend } from '../../data/compute/queries.js'
import { useWorkEvents } from '../../data/compute/use-work-events.js'
import { countText } from '../../format/amount.js'
import { priceText } from '../../format/price.js'
import { exactText } from '../../format/time.js'
import { Figures } from '../../parts/figures.js'
import { type Column, List } from '../../parts/list.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Price } from '../../parts/price.js'
import { Empty } from '../../parts/states.js'
import { WithCompute } from '../../parts/with-compute.js'
import { BillingLinks } from './billing-links.js'
import { BudgetBar } from './budget-bar.js'
import { BudgetForm } from './budget-form.js'
import { monthText } from './months.js'
import { PeriodList } from './period-list.js'
import { SettleButton } from './settle-button.js'

/** What computing has cost, what it may cost, and how it was paid. */
export function BillingPage() {
  return (
    <Page
      title="What computing costs you"
      tab="Billing"
      lead="Each request is a charge; charges add up to invoices, and each invoice is paid by one transaction, under which every charge can be proven."
    >
      <BillingLinks />
      <WithCompute>{(compute) => <Bills compute={compute} />}</WithCompute>
    </Page>
  )
}

function Bills({ compute }: { readonly compute: ComputeStatus }) {
  useWorkEvents()
  const spend = useSpend()
  const periods = usePeriods()
  return (
    <>
      <Loaded query={spend} what="The spend could not be read" rows={6}>
        {(found) => <SpendView spend={found} name={compute.enterprise.name} />}
      </Loaded>
      <Section title="Invoices">
        <Loaded query={periods} what="The invoices could not be read" rows={3}>
          {(found) => (
            <Invoices
              periods={found}
              unsettled={BigInt(spend.data?.unsettled ?? 0)}
              currency={spend.data?.currency ?? ''}
              compute={compute}
            />
          )}
        </Loaded>
      </Section>
    </>
  )
}

const shownDays = 30
const whole = 10_000

function SpendView({ spend, name }: { readonly spend: Spend; readonly name: string }) {
  const { month, currency, budget, unsettled } = spend
  const [spent, held] = [BigInt(spend.spent), BigInt(spend.held)]
  const most = budget === null ? undefined : BigInt(budget.perMonth)
  const left = most === undefined ? undefined : most > spent + held ? most - spent - held : 0n
  const count = spend.days.reduce((sum, day) => sum + day.count, 0)
  return (
    <>
      <Section title={monthText(month)} aside={<span className="is-quiet">{name}</span>}>
        <Figures
          figures={[
            {
              label: 'Spent',
              value: <Price micro={spent} currency={currency} />,
              note: `${countText(count)} ${count === 1 ? 'request' : 'requests'}`,
            },
            {
              label: 'Held back',
              value: <Price micro={held} currency={currency} />,
              note: 'for requests that run',
            },
            {
              label: 'Left of the budget',
              value: left === undefined ? '–' : <Price micro={left} currency={currency} />,
              note: most === undefined ? 'no budget is set' : `of ${priceText(most, currency)} a month`,
            },
            {
              label: 'Not invoiced',
              value: <Price micro={unsettled} currency={currency} />,
              note: 'since the last invoice',
            },
          ]}
        />
        {most !== undefined && <BudgetBar paid={spent} open={held} budget={most} />}
        <Alerts spend={spend} isSpent={left === 0n} />
        <BudgetForm key={budget?.perMonth ?? 'none'} spend={spend} />
      </Section>
      <div className="columns">
        <DayBars
          title="Spend by day"
          now={priceText(spent, currency)}
          note="Days of UTC"
          days={spend.days.map(({ day, amount, count: requests }) => ({
            day,
            value: Number(amount),
            text: `${priceText(BigInt(amount), currency)}, ${countText(requests)} ${requests === 1 ? 'request' : 'requests'}`,
          }))}
          span={shownDays}
          last={new Date().toISOString().slice(0, 10)}
          head="Spend"
          axisText={(value) => priceText(BigInt(Math.round(value)), currency)}
        />
        <Section title="By service">
          {spend.services.length === 0 ? (
            <Empty
              action={
                <Link to="/compute" className="button is-small">
                  Run a job
                </Link>
              }
            >
              Nothing was spent in this month yet. A first picture costs a fraction of a cent.
            </Empty>
          ) : (
            <List
              label="Spend by service"
              rows={spend.services}
              columns={serviceColumns(currency)}
              rowKey={(row) => row.name}
            />
          )}
        </Section>
      </div>
    </>
  )
}

function serviceColumns(currency: string): readonly Column<Spend['services'][number]>[] {
  return [
    { head: 'Service', cell: ({ name }) => name, at: 'a' },
    { head: 'Requests', end: true, cell: ({ count }) => <Counted count={count} />, at: 'd' },
    { head: 'Spend', end: true, cell: ({ amount }) => <Price micro={amount} currency={currency} />, at: 'b' },
  ]
}

/** Its unit stands above the column, where there is room for that. */
function Counted({ count }: { readonly count: number }) {
  return (
    <>
      {countText(count)}
      <span className="narrow-only"> {count === 1 ? 'request' : 'requests'}</span>
    </>
  )
}

function Alerts({ spend: { alerts }, isSpent }: { readonly spend: Spend; readonly isSpent: boolean }) {
  const last = alerts.at(-1)
  if (isSpent) {
    return (
      <div className="note is-wrong" role="status">
        <p className="note-title is-brick">The budget is spent: work is refused.</p>
        <p>Raise or lift it below, or wait for the next month. Nothing was charged beyond it.</p>
      </div>
    )
  }
  if (last === undefined) return null
  return (
    <div className="note is-waiting" role="status">
      <p className="note-title is-ochre">
        {(100 * last.share) / whole} % of the budget was reached, {exactText(last.at)}.
      </p>
    </div>
  )
}

type InvoicesProps = {
  readonly periods: readonly Period[]
  readonly unsettled: bigint
  readonly currency: string
  readonly compute: ComputeStatus
}

function Invoices({ periods, unsettled, currency, compute }: InvoicesProps) {
  return (
    <>
      <SettleButton unsettled={unsettled} currency={currency} operator={compute.operator.name} />
      {periods.length === 0 ? (
        <Empty>
          No invoice yet. Charges wait until the operator settles them: by itself once a day, or by the button
          above.
        </Empty>
      ) : (
        <PeriodList periods={periods} />
      )}
    </>
  )
}
