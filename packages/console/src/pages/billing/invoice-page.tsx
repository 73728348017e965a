import type { Period, PeriodLine } from '@banyan/region/api'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { usePeriods } from '../../data/compute/queries.js'
import { countText } from '../../format/amount.js'
import { shortHex } from '../../names/address-marks.js'
import { Address } from '../../parts/address.js'
import { FigMoney } from '../../parts/fig-money.js'
import { Facts } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import { WithCompute } from '../../parts/with-compute.js'
import { ChargeList } from './charge-list.js'
import { InvoiceCheck } from './invoice-check.js'
import { wayTexts } from './period-list.js'
import { periodText } from './period-text.js'
import { StatementFiles } from './statement-files.js'

/** One invoice: what was paid by which transaction, and the charges in it. */
export function InvoicePage() {
  const { period } = useParams({ from: '/billing/invoices/$period' })
  return (
    <Page
      title={`Invoice of ${periodText(period)}`}
      crumb={<Link to="/billing">Billing</Link>}
      lead="One transaction has paid all of these charges. It carries an anchor: a hash that commits to each of them and to their sum, and to nothing else."
    >
      <WithCompute>{() => <Invoice period={period} />}</WithCompute>
    </Page>
  )
}

function Invoice({ period }: { readonly period: string }) {
  const periods = usePeriods()
  return (
    <Loaded query={periods} what="The invoice could not be read" rows={6}>
      {(found) => {
        const own = found.find((each) => each.period === period)
        return own === undefined ? (
          <Empty action={<Link to="/billing">All invoices</Link>}>
            There is no invoice of {periodText(period)} of yours.
          </Empty>
        ) : (
          <Parts period={own} />
        )
      }}
    </Loaded>
  )
}

function Parts({ period }: { readonly period: Period }) {
  const statement = useQuery({
    queryKey: ['compute', 'statement', period.period, period.state],
    queryFn: async () => (await import('../../data/compute/statement.js')).readStatement(period.period),
  })
  return (
    <>
      {period.lines.map((line) => (
        <Facts key={`${line.way} ${line.account}`} facts={factsOf(line)} />
      ))}
      <InvoiceCheck statement={statement.data?.statement} />
      <Section title="Charges" aside={<StatementFiles period={period.period} />}>
        <Loaded query={statement} what="The charges could not be read" rows={6}>
          {({ charges, count }) => <ChargeList charges={charges} count={count} />}
        </Loaded>
      </Section>
    </>
  )
}

function factsOf({ way, account, count, amountPip, anchor, transfer }: PeriodLine) {
  return [
    ['Account', <Address key="account" value={account} />],
    ['Charges', countText(count)],
    [
      transfer === null ? 'To be settled' : wayTexts[way].charAt(0).toUpperCase() + wayTexts[way].slice(1),
      <FigMoney key="amount" amount={BigInt(amountPip)} />,
    ],
    [
      'Transaction',
      transfer === null ? (
        'none yet'
      ) : (
        <span key="transaction">
          <Link to="/explorer/tx/$id" params={{ id: transfer.id }} className="hash">
            {shortHex(transfer.id)}
          </Link>{' '}
          in block{' '}
          <Link to="/explorer/block/$block" params={{ block: String(transfer.height) }}>
            {countText(transfer.height)}
          </Link>
        </span>
      ),
    ],
    ['Anchor', <FullValue key="anchor" value={anchor} what="the anchor" />],
  ] as const
}
