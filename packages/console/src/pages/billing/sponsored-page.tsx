import { figDecimals } from '@banyan/base'
import { Link, useSearch } from '@tanstack/react-router'
import { type SponsorTerms, useSponsor } from '../../data/sponsor.js'
import { amountText, countText } from '../../format/amount.js'
import { spanText } from '../../format/time.js'
import { Address } from '../../parts/address.js'
import { FigMoney } from '../../parts/fig-money.js'
import { Facts, Figures } from '../../parts/figures.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import { BillingLinks } from './billing-links.js'
import { BudgetBar } from './budget-bar.js'
import { monthAfter, monthOf, monthText } from './months.js'
import { type Statement, useStatement } from './statement.js'
import { MethodTotals, UserTotals } from './totals.js'

const lead =
  'An application can pay the network fees of its users, so that they need no coin and never meet a fee. Its budget bounds what that can cost.'

/** What a sponsor pays for its users. */
export function SponsoredPage() {
  const search = useSearch({ from: '/billing/sponsored' })
  const terms = useSponsor()
  const thisMonth = monthOf(Date.now())
  const month = search.month ?? thisMonth
  const statement = useStatement(month, terms !== undefined)
  if (terms === undefined) {
    return (
      <Page title="Sponsored fees" lead={lead}>
        <BillingLinks />
        <Empty
          action={
            <Link to="/docs/$" params={{ _splat: 'sponsor' }}>
              How to run one
            </Link>
          }
        >
          This network has no sponsor.
        </Empty>
      </Page>
    )
  }
  return (
    <Page
      title="Sponsored fees"
      lead={lead}
      actions={
        <>
          <Link to="." search={{ month: monthAfter(month, -1) }} className="button is-small">
            Month before
          </Link>
          {month < thisMonth && (
            <Link to="." search={{ month: monthAfter(month, 1) }} className="button is-small">
              Month after
            </Link>
          )}
        </>
      }
    >
      <BillingLinks />
      <Section title={monthText(month)}>
        <Loaded query={statement} what="The statement could not be read">
          {(found) => <Spent terms={terms} statement={found} />}
        </Loaded>
      </Section>
      <Section title="What is paid">
        <Facts facts={factsOf(terms)} />
      </Section>
    </Page>
  )
}

function factsOf({ sponsor, budgetPerMonth, maxFee, rate }: SponsorTerms) {
  return [
    ['Who pays', <Address key="sponsor" value={sponsor} />],
    ['Budget of a month', <FigMoney key="budget" amount={budgetPerMonth} />],
    ['At most for one', <FigMoney key="fee" amount={maxFee} />],
    ['For one user', `${countText(rate.count)} transactions in ${spanText(rate.windowMs)}`],
  ] as const
}

type SpentProps = { readonly terms: SponsorTerms; readonly statement: Statement }

const fig = (amount: bigint) => ({ value: amountText(amount, figDecimals).short, unit: 'FIG' })

function Spent({ terms, statement }: SpentProps) {
  const { total, open, methods, users } = statement
  const bound = total.fee + open.fee
  const left = terms.budgetPerMonth > bound ? terms.budgetPerMonth - bound : 0n
  return (
    <>
      <Figures
        figures={[
          { label: 'Paid', ...fig(total.fee), note: `${countText(total.count)} transactions` },
          { label: 'Promised at most', ...fig(open.fee), note: `${countText(open.count)} not final yet` },
          { label: 'Left of the budget', ...fig(left) },
          { label: 'Users', value: countText(users.length) },
        ]}
      />
      <BudgetBar paid={total.fee} open={open.fee} budget={terms.budgetPerMonth} />
      {users.length === 0 ? (
        <Empty
          action={
            <Link to="/wallet/send" className="button is-small">
              Send a payment
            </Link>
          }
        >
          Nothing was paid in this month. A payment from the wallet of this console is sponsored, unless you
          choose to pay its fee yourself.
        </Empty>
      ) : (
        <div className="columns">
          <Section title="By user">
            <UserTotals users={users} />
          </Section>
          <Section title="By what was done">
            <MethodTotals methods={methods} />
          </Section>
        </div>
      )}
    </>
  )
}
