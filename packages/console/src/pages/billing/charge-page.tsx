import { Link, useParams } from '@tanstack/react-router'
import { useCharge } from '../../data/compute/queries.js'
import type { ChargeView } from '../../data/compute/types.js'
import { exactText } from '../../format/time.js'
import { Address } from '../../parts/address.js'
import { Facts, Figures } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Price } from '../../parts/price.js'
import { RawBox } from '../../parts/raw-box.js'
import { SplitBar } from '../../parts/split-bar.js'
import { WithCompute } from '../../parts/with-compute.js'
import { tierText } from '../compute/tiers.js'
import { periodText } from './period-text.js'
import { ReceiptProof } from './receipt-proof.js'

/** One charge: who pays, who gets it, and the proof that it is part of what was paid. */
export function ChargePage() {
  const { id } = useParams({ from: '/billing/charges/$id' })
  const charge = useCharge(id)
  const period = charge.data?.period ?? undefined
  return (
    <Page
      title={
        charge.data === undefined ? 'A charge' : `A charge for ${String(charge.data.charge['dservice'])}`
      }
      tab="Charge"
      crumb={
        <>
          <Link to="/billing">Billing</Link>
          {period !== undefined && (
            <>
              {' '}
              /{' '}
              <Link to="/billing/invoices/$period" params={{ period }}>
                Invoice of {periodText(period)}
              </Link>
            </>
          )}
        </>
      }
    >
      <WithCompute>
        {() => (
          <Loaded query={charge} what="The charge could not be read" rows={8}>
            {(found) => <Charge view={found} />}
          </Loaded>
        )}
      </WithCompute>
    </Page>
  )
}

/** How a request is paid: docs/billing.md "Deals". */
const deals: Readonly<Record<string, string>> = {
  use: 'By use',
  subsidised: 'Subsidised',
  free: 'Free',
  subscription: 'Subscription',
}

const parties = [
  ['The miner', 'contributor'],
  ['The developer', 'developer'],
  ['The operator', 'operator'],
  ["The miner's charity", 'charityOfContributor'],
  ["The developer's charity", 'charityOfDeveloper'],
  ["The operator's charity", 'charityOfOperator'],
] as const

/** A whole number of a charge: `12n`. */
function wholeOf(value: unknown): bigint {
  return BigInt(String(value ?? 0).replace(/n$/, ''))
}

function Charge({ view }: { readonly view: ChargeView }) {
  const { charge } = view
  const text = (name: string): string => String(charge[name] ?? '')
  const amount = (name: string): bigint => wholeOf(charge[name])
  const currency = text('currency')
  const shares = parties
    .map(([name, column]) => ({ name, column, amount: amount(`${column}Amount`) }))
    .filter(({ amount: given }) => given > 0n)
  return (
    <>
      <Figures
        figures={[
          { label: 'You pay', value: <Price micro={amount('enterpriseAmount')} currency={currency} /> },
          ...(amount('houseAmount') > 0n
            ? [
                {
                  label: 'The house pays',
                  value: <Price micro={amount('houseAmount')} currency={currency} />,
                },
              ]
            : []),
          { label: 'Machines', value: tierText(text('tier')), note: text('dservice') },
          { label: 'Deal', value: deals[text('deal')] ?? text('deal') },
        ]}
      />
      <ReceiptProof view={view} />
      <Section title="Who gets it">
        <SplitBar
          currency={currency}
          shares={shares.map(({ name, column, amount: given }) => ({
            name,
            who: <Address value={text(column)} brief />,
            amount: given,
          }))}
        />
      </Section>
      <Section title="What is known of it">
        <Facts
          facts={[
            ['When', exactText(Number(wholeOf(charge['at'])))],
            ['Who pays', <Address key="enterprise" value={text('enterprise')} />],
            ['Region', text('region')],
            ['Id', <FullValue key="id" value={text('id')} what="the id of the charge" />],
          ]}
        />
        <RawBox value={view} />
      </Section>
    </>
  )
}
